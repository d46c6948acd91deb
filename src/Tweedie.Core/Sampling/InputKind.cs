namespace Tweedie.Sampling;

/// <summary>How a state of one-hot diffusion enters the network.</summary>
public enum InputKind
{
    /// <summary>As W·y_t (the paper).</summary>
    State,
    /// <summary>
    /// As the best linear estimate of the clean token's embedding, W·y_t·s√ᾱ/(s²ᾱ + K(1−ᾱ)): pure noise enters as almost nothing, and a clean token as its column of W.
    /// </summary>
    Estimate,
}
