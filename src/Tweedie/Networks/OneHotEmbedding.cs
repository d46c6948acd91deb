using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Tweedie.Networks;

/// <summary>
/// The linear map W (K → d) that takes noisy one-hot vectors into the network. No bias: the timestep embedding brings one.
/// </summary>
public sealed class OneHotEmbedding : Module<Tensor, Tensor>
{
    private readonly Parameter weight;

    // Deviation of embedded pure noise at the start: small beside the timestep embedding, so that the head first learns to read
    // the condition and not to fight the noise in its residual stream.
    private const double NoiseDeviation = 0.1;

    /// <summary>Creates the map. Initial entries have deviation 0.1·K^−½, so that pure noise is embedded with deviation 0.1.</summary>
    public OneHotEmbedding(long classes, int width) : base(nameof(OneHotEmbedding))
    {
        weight = new Parameter(zeros(width, classes));
        init.normal_(weight, 0, NoiseDeviation / Math.Sqrt(classes));
        RegisterComponents();
    }

    /// <summary>y_t (B, N, K) → W·y_t (B, N, d).</summary>
    public override Tensor forward(Tensor input) => functional.linear(input, weight);
}
