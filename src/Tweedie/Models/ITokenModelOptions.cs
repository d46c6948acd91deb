using Tweedie.Networks;
using Tweedie.Sampling;

namespace Tweedie.Models;

/// <summary>What models that predict rows of tokens have in common, whatever they predict them from.</summary>
public interface ITokenModelOptions
{
    /// <summary>How the tokens are predicted.</summary>
    TokenMethod Method { get; }

    /// <summary>The diffusion blocks.</summary>
    DenoiserOptions Denoiser { get; }

    /// <summary>The diffusion process; used by one-hot diffusion alone.</summary>
    DiffusionOptions Diffusion { get; }

    /// <summary>How the model is sampled where nothing else is said; null takes the method's defaults.</summary>
    SamplingOptions? Sampling { get; }

    /// <summary>N, the tokens of an item.</summary>
    int Length { get; }
}
