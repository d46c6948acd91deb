using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>Random numbers of a torch generator, one after the other, for any purpose.</summary>
/// <param name="device">Where the tensors are.</param>
/// <param name="generator">A generator on the device; if null, torch's global generator, which a training seeds for each micro-batch.</param>
public sealed class TorchNoise(Device device, Generator? generator = null) : INoiseSource
{
    /// <inheritdoc/>
    public Device Device => device;

    /// <inheritdoc/>
    public Tensor Normal(NoisePurpose purpose, long items, long tokens, long dimensions) =>
        randn([items, tokens, dimensions], ScalarType.Float32, device, generator: generator);

    /// <inheritdoc/>
    public Tensor Uniform(NoisePurpose purpose, long items, long tokens, long dimensions) =>
        rand([items, tokens, dimensions], ScalarType.Float32, device, generator: generator);

    /// <inheritdoc/>
    public Tensor Uniform(NoisePurpose purpose, Tensor picked, long dimensions)
    {
        using var scope = NewDisposeScope();
        return rand([1, picked.sum().item<long>(), dimensions], ScalarType.Float32, device, generator: generator).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public INoiseSource ForStep(int index) => this;
}
