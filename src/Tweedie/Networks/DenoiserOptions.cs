namespace Tweedie.Networks;

/// <summary>The size of the diffusion head: of its diffusion blocks. The defaults are the paper's 24 M head for ViT-B.</summary>
public sealed record DenoiserOptions : TransformerOptions
{
    /// <summary>Three blocks of width 768.</summary>
    public DenoiserOptions() => Depth = 3;
}
