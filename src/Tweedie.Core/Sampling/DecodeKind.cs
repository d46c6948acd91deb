namespace Tweedie.Sampling;

/// <summary>How a trajectory becomes one prediction.</summary>
public enum DecodeKind
{
    /// <summary>The last step's prediction: the paper's rule.</summary>
    Last,
    /// <summary>The average of all steps' predictions, weighted by 1−ᾱ_t.</summary>
    Consensus,
}
