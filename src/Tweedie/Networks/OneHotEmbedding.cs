using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Tweedie.Networks;

/// <summary>
/// The linear map W (K → d) that takes noisy one-hot vectors into the network. It has no bias, because the timestep embedding has one.
/// </summary>
public sealed class OneHotEmbedding : Module
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

    /// <summary>W, shape (d, K).</summary>
    public Parameter Weight => weight;

    /// <summary>
    /// Draws initial entries for masked diffusion, which has no noise to keep small: with the deviation of other token embeddings, 0.02.
    /// </summary>
    public void InitializeWithoutNoise() => Initialization.TruncatedNormal(weight, 0.02);
}
