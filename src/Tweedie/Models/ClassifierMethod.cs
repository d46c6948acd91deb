namespace Tweedie.Models;

/// <summary>How labels are predicted from the encoder's features.</summary>
public enum ClassifierMethod
{
    /// <summary>In-situ Tweedie discrete diffusion: the paper's method.</summary>
    Tdd,
    /// <summary>A linear head on the same encoder: the paper's baseline (masked diffusion of one token is plain classification).</summary>
    Linear,
}
