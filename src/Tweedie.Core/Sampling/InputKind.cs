namespace Tweedie.Sampling;

/// <summary>How a state of one-hot diffusion enters the network.</summary>
public enum InputKind
{
    /// <summary>As W·y_t (the paper).</summary>
    State,
    /// <summary>
    /// As the mean embedding Σ p_k·w_k under what the state of the token alone tells, p_k ∝ π_k·p(y_t | y0 = k): a clean token enters as its column of W, and pure
    /// noise as the mean of all columns. The prior π is counted in training, by the place of the token. A step projects the vocabulary once more.
    /// </summary>
    Posterior,
}
