using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>The random numbers of another source, whose normal numbers are larger or smaller by a factor.</summary>
/// <param name="source">The source.</param>
/// <param name="scale">The factor, at least 0.</param>
internal sealed class ScaledNoise(INoiseSource source, double scale) : INoiseSource
{
    /// <inheritdoc/>
    public Device Device => source.Device;

    /// <inheritdoc/>
    public INoiseSource ForStep(int index) => new ScaledNoise(source.ForStep(index), scale);

    /// <inheritdoc/>
    public Tensor Normal(NoisePurpose purpose, long items, long tokens, long dimensions)
    {
        using var numbers = source.Normal(purpose, items, tokens, dimensions);
        return numbers.Times(scale);
    }

    /// <inheritdoc/>
    public Tensor Uniform(NoisePurpose purpose, long items, long tokens, long dimensions) => source.Uniform(purpose, items, tokens, dimensions);

    /// <inheritdoc/>
    public Tensor Uniform(NoisePurpose purpose, Tensor picked, long dimensions) => source.Uniform(purpose, picked, dimensions);
}
