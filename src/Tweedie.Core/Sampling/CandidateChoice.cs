namespace Tweedie.Sampling;

/// <summary>How one of several drawn sentences becomes the answer.</summary>
public enum CandidateChoice
{
    /// <summary>All of them are the answer.</summary>
    None,
    /// <summary>The one that shares most with the others (<see cref="Metrics.MinimumBayesRisk"/>).</summary>
    Overlap,
    /// <summary>
    /// The one to which an autoregressive model gives the highest probability, with all that is known before and behind it: so what stands behind a gap has a say in how it
    /// is filled, though the model writes from left to right.
    /// </summary>
    Likelihood,
    /// <summary>The one that a judge of candidates finds best, such as a CLIP that compares it with the image. The model must have been given one.</summary>
    Judge,
}
