namespace Tweedie.Sampling;

/// <summary>How one of several drawn sentences becomes the answer.</summary>
public enum CandidateChoice
{
    /// <summary>All of them are the answer.</summary>
    None,
    /// <summary>The one that shares most with the others (<see cref="Metrics.MinimumBayesRisk"/>).</summary>
    Overlap,
}
