namespace Tweedie.Models;

/// <summary>How tokens are predicted from a condition.</summary>
public enum TokenMethod
{
    /// <summary>In-situ Tweedie discrete diffusion: the paper's method.</summary>
    Tdd,
    /// <summary>Masked discrete diffusion with the same encoder and blocks: the paper's baseline for captions.</summary>
    Mdd,
    /// <summary>A linear head on the same encoder: the paper's baseline for labels (masked diffusion of one token is plain classification).</summary>
    Linear,
    /// <summary>Token by token, each from those before it, with the same encoder and blocks: the usual way to write captions.</summary>
    Ar,
    /// <summary>One hidden layer with a GELU on the same encoder, in place of the linear head.</summary>
    Mlp,
}
