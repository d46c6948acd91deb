namespace Tweedie.Experiments.Statistics;

/// <summary>What the measurements say about a claim that one thing is better than another.</summary>
public enum Verdict
{
    /// <summary>The difference is as claimed.</summary>
    Holds,
    /// <summary>The difference is the other way round.</summary>
    DoesNotHold,
    /// <summary>The measurements do not show either.</summary>
    CannotTell,
}
