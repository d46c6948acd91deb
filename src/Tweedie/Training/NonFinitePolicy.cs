namespace Tweedie.Training;

/// <summary>What becomes of a step whose loss or gradient is not finite; in any case, it does not change the weights.</summary>
public enum NonFinitePolicy
{
    /// <summary>The training ends.</summary>
    Stop,
    /// <summary>The step is left out and counted.</summary>
    Skip,
}
