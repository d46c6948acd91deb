using TorchSharp.Modules;
using Tweedie.Diffusion;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Tweedie.Networks;

/// <summary>
/// The linear map W (K → d) that takes noisy one-hot vectors into the network. No bias: the timestep embedding brings one.
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

    /// <summary>
    /// Draws initial entries for masked diffusion, which has no noise to keep small: with the deviation of other token embeddings, 0.02.
    /// </summary>
    public void InitializeWithoutNoise() => Initialization.TruncatedNormal(weight, 0.02);

    /// <summary>W·y0, which is a column of W for each token: (B, N) int64 → (B, N, d).</summary>
    public Tensor Lookup(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        return weight.index_select(1, tokens.flatten()).t().reshape([.. tokens.shape, -1]).MoveToOuterDisposeScope();
    }

    /// <summary>The space to corrupt tokens in: embedded where that pays, unless the noise itself is to be predicted.</summary>
    /// <param name="prediction">What the network predicts.</param>
    /// <param name="tokens">How many tokens will be corrupted before the weights change: in training those of a step, in sampling no end of them.</param>
    public ITokenSpace Space(PredictionKind prediction, long tokens = long.MaxValue)
    {
        var (width, classes) = (weight.shape[0], weight.shape[1]);
        return prediction != PredictionKind.Noise && classes >= 4 * width && tokens >= 2 * width ? Embedded() : OneHot();
    }

    /// <summary>The K-dimensional space of one-hot vectors.</summary>
    public OneHotSpace OneHot() => new(weight);

    /// <summary>The d-dimensional space of embedded tokens, for the weights as they are now.</summary>
    public EmbeddedSpace Embedded() => new(weight);
}
