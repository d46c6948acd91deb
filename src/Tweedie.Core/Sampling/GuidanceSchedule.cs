namespace Tweedie.Sampling;

/// <summary>How the guidance scale changes over the steps: s(t) in the paper's Algorithm 1.</summary>
public enum GuidanceSchedule
{
    /// <summary>The same scale at every step.</summary>
    Constant,
    /// <summary>From 1 at the first step to the scale at the last.</summary>
    Linear,
}
