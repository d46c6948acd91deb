namespace Tweedie.Training;

/// <summary>What happens to a step whose loss or gradient is not finite. In any case, it does not change the weights.</summary>
public enum NonFinitePolicy
{
    /// <summary>The training ends.</summary>
    Stop,
    /// <summary>The step is left out and counted.</summary>
    Skip,
}
