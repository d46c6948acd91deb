using TorchSharp;
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
    private readonly Tensor? counts;

    // Deviation of embedded pure noise at the start: small beside the timestep embedding, so that the head first learns to read
    // the condition and not to fight the noise in its residual stream.
    private const double NoiseDeviation = 0.1;

    /// <summary>Creates the map. Initial entries have deviation 0.1·K^−½, so that pure noise is embedded with deviation 0.1.</summary>
    /// <param name="classes">K.</param>
    /// <param name="width">d.</param>
    /// <param name="places">N, where it counts in training which tokens stand at which places; 0 counts nothing.</param>
    public OneHotEmbedding(long classes, int width, int places = 0) : base(nameof(OneHotEmbedding))
    {
        if (places > 0)
        {
            counts = zeros(places, classes);
            register_buffer("counts", counts);
        }
        weight = new Parameter(zeros(width, classes));
        init.normal_(weight, 0, NoiseDeviation / Math.Sqrt(classes));
        RegisterComponents();
    }

    /// <summary>W, shape (d, K).</summary>
    public Parameter Weight => weight;

    /// <summary>How often each token stood at each place, shape (N, K), float32; null where nothing is counted.</summary>
    internal Tensor? Counts => counts;

    /// <summary>Counts the tokens of a training batch, where the embedding counts them and gradients are recorded.</summary>
    /// <param name="tokens">Shape (B, N), int64.</param>
    internal void Count(Tensor tokens)
    {
        if (counts is null || !is_grad_enabled())
            return;
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var places = TensorArithmetic.Counting(counts.shape[0], int64, tokens.device).Times(counts.shape[1]);
        var flat = counts.view(-1);
        flat.index_add_(0, tokens.Plus(places).flatten(), ones(tokens.numel(), device: tokens.device), TensorArithmetic.One);
    }

    /// <summary>
    /// log π of each entry at each place, shape (N, K): seven parts of its share at the place, three of its share at all places, and a little for what was never
    /// seen. Null where nothing is counted.
    /// </summary>
    public Tensor? LogPrior()
    {
        const double ofPlace = 0.7, ofAll = 0.29, ofUnseen = 0.01;
        if (counts is null)
            return null;
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        using Scalar one = 1;
        var all = counts.sum(0, keepdim: true);
        var shares = (counts / counts.sum(1, keepdim: true).clamp(min: one)).Times(ofPlace).Plus(all / all.sum().clamp(min: one), ofAll);
        return shares.Plus(ofUnseen / counts.shape[1]).log().MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Draws initial entries for masked diffusion, which has no noise to keep small: with the deviation of other token embeddings, 0.02.
    /// </summary>
    public void InitializeWithoutNoise() => Initialization.TruncatedNormal(weight, 0.02);
}
