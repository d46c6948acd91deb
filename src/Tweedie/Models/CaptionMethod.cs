namespace Tweedie.Models;

/// <summary>How a caption is generated from the encoder's features.</summary>
public enum CaptionMethod
{
    /// <summary>In-situ Tweedie discrete diffusion: the paper's method.</summary>
    Tdd,
    /// <summary>Masked discrete diffusion with the same encoder and blocks: the paper's baseline.</summary>
    Mdd,
}
