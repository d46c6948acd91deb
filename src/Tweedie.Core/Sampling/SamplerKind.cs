namespace Tweedie.Sampling;

/// <summary>How a step of one-hot diffusion goes on to the next level.</summary>
public enum SamplerKind
{
    /// <summary>Noise anew about the chosen tokens: the paper's argmax-and-re-noise (default).</summary>
    Renoise,
    /// <summary>A draw from the posterior of the next state, given the state and the clean vector (DDPM, Ho et al. 2020).</summary>
    Posterior,
    /// <summary>DDIM (Song et al. 2021): the state keeps its noise; η adds fresh noise.</summary>
    Ddim,
    /// <summary>The most confident tokens are committed to the cleanest level; the others stay noisy.</summary>
    Commit,
    /// <summary>Tokens are committed from left to right.</summary>
    LeftToRight,
}
