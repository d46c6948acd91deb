using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>Where the random numbers of training and of sampling come from.</summary>
public interface INoiseSource
{
    /// <summary>Where its tensors are.</summary>
    Device Device { get; }

    /// <summary>Normal numbers for B items: shape (B, N, dimensions), float32.</summary>
    /// <param name="purpose">What they are for.</param>
    /// <param name="items">B.</param>
    /// <param name="tokens">N.</param>
    /// <param name="dimensions">Numbers per token.</param>
    Tensor Normal(NoisePurpose purpose, long items, long tokens, long dimensions);

    /// <summary>Uniform numbers in [0, 1) for B items: shape (B, N, dimensions), float32 or float64.</summary>
    /// <param name="purpose">What they are for.</param>
    /// <param name="items">B.</param>
    /// <param name="tokens">N.</param>
    /// <param name="dimensions">Numbers per token.</param>
    Tensor Uniform(NoisePurpose purpose, long items, long tokens, long dimensions);

    /// <summary>Uniform numbers for the picked tokens alone: shape (1, picked tokens, dimensions), float32 or float64.</summary>
    /// <param name="purpose">What they are for.</param>
    /// <param name="picked">Which tokens, shape (B, N), bool.</param>
    /// <param name="dimensions">Numbers per token.</param>
    Tensor Uniform(NoisePurpose purpose, Tensor picked, long dimensions);

    /// <summary>The numbers of one step of the reverse process.</summary>
    /// <param name="index">The 0-based number of the step; −1 is the start, before the first step.</param>
    INoiseSource ForStep(int index);
}
