using Tweedie.Diffusion;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Onnx;

/// <summary>Gives the identity matrix in place of normal numbers: a linear map of noise then gives its own matrix.</summary>
internal sealed class IdentityNoise : INoiseSource
{
    /// <inheritdoc/>
    public Device Device => CPU;

    /// <inheritdoc/>
    public Tensor Normal(NoisePurpose purpose, long items, long tokens, long dimensions) => eye(tokens, dimensions, float32).unsqueeze(0);

    /// <inheritdoc/>
    public Tensor Uniform(NoisePurpose purpose, long items, long tokens, long dimensions) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Tensor Uniform(NoisePurpose purpose, Tensor picked, long dimensions) => throw new NotSupportedException();

    /// <inheritdoc/>
    public INoiseSource ForStep(int index) => this;
}
