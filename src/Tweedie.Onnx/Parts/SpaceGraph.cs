using Tweedie.Diffusion;
using Tweedie.Sampling;
using static Onnx.TensorProto.Types;
using static TorchSharp.torch;

namespace Tweedie.Onnx;

/// <summary>
/// The space of a model's states and how they enter the network: the graph of <c>OneHotSpace</c>, <c>EmbeddedSpace</c>, <c>MaskedSpace</c> and <c>PrefixSpace</c>, with
/// <c>TokenEvidence</c>.
/// </summary>
/// <param name="part">The embedding's weights.</param>
/// <param name="kind">The space.</param>
/// <param name="options">The diffusion process.</param>
/// <param name="space">The model's own space, which the graph takes its factors from.</param>
/// <param name="logPrior">log π of each entry at each place, shape (N, K), where states enter as posterior means; null for uniform.</param>
internal sealed class SpaceGraph(NetworkPart part, OnnxState kind, DiffusionOptions options, ITokenSpace space, Tensor? logPrior)
{
    private long Classes => part.Tensor("weight").shape[1];

    private long Width => part.Tensor("weight").shape[0];

    /// <summary>The length of a token's state.</summary>
    public long Dimensions => kind == OnnxState.Embedded ? Width : Classes;

    /// <summary>Whether the network needs to know the level of the state, besides the timestep that it is told.</summary>
    public bool NeedsLevels => kind is OnnxState.OneHot or OnnxState.Embedded && (options.Input == InputKind.Posterior || options.Prediction is PredictionKind.Evidence or PredictionKind.Noise);

    /// <summary>The same space in another graph.</summary>
    public SpaceGraph In(GraphBuilder graph) => new(part with { Graph = graph }, kind, options, space, logPrior);

    /// <summary>All that the network sees of a state: (B, N, d).</summary>
    public Value Embed(Value state, LevelsGraph? levels)
    {
        if (kind == OnnxState.Masked)
            return Visible(state);
        if (kind == OnnxState.Prefix)
            return Shifted(part.Graph.Node("Gather", Columns, state));
        if (options.Input != InputKind.Posterior)
            return Embedded(state);
        var evidence = Evidence(state, levels!);
        return (logPrior is null ? evidence : evidence + part.Exact("log_prior", () => logPrior)).Softmax().Times(Columns);
    }

    /// <summary>Scores of the clean entries, (B, N, K), from the outputs of the network.</summary>
    public Value Scores(Value output, Value state, LevelsGraph? levels) => kind is OnnxState.Masked or OnnxState.Prefix ? output : options.Prediction switch
    {
        PredictionKind.Evidence => output + Evidence(state, levels!),
        PredictionKind.Noise => (state - levels!.Deviation * output) / (levels.Signal * (float)options.Scale),
        _ => output,
    };

    /// <summary>The mean embedding of predicted tokens, (B, N, d), from their scores.</summary>
    public Value MeanEmbedding(Value scores) => scores.Softmax().Times(Columns);

    /// <summary>s·y0 of tokens (B, N): (B, N, dimensions).</summary>
    public Value Clean(Value tokens)
    {
        var clean = kind == OnnxState.Embedded ? part.Graph.Node("Gather", Columns, tokens)
            : part.Graph.Node("Equal", tokens.Unsqueeze(-1), part.Graph.Whole([.. Enumerable.Range(0, (int)Classes).Select(entry => (long)entry)])).To(DataType.Float);
        return options.Scale == 1 ? clean : clean * (float)options.Scale;
    }

    /// <summary>Standard normal numbers (B, N, dimensions) to noise of the space.</summary>
    public Value Noise(Value numbers) => kind == OnnxState.Embedded ? numbers.Times(part.Exact("noise_factor.transposed", () => Factor().t())) : numbers;

    private Value Columns => part.Columns("weight");

    private Value Embedded(Value state) => kind == OnnxState.Embedded ? state : state.Times(Columns);

    // A visible token is its column of W, a hidden one the zero vector.
    private Value Visible(Value state)
    {
        var isVisible = part.Graph.Node("Less", state, part.Graph.Index(Classes));
        return part.Graph.Node("Gather", Columns, state * isVisible.To(DataType.Int64)) * isVisible.To(DataType.Float).Unsqueeze(-1);
    }

    // A token enters at the place of the next one; nothing enters at the first: (B, L, d) → (B, L+1, d).
    private Value Shifted(Value tokens) => part.Graph.Node("Pad", tokens, part.Graph.Whole(0, 1, 0, 0, 0, 0));

    // log p(y_t | y0 = k) up to a constant: (B, N, K).
    private Value Evidence(Value state, LevelsGraph levels)
    {
        var losesNothing = Classes <= Width;
        var share = losesNothing ? 1 : (double)Width / Classes;
        var limit = part.Graph.Number((float)(Math.Exp(GaussianSpace.LogSnrLimit) / share));
        var snr = part.Graph.Node("Min", levels.AlphaBar / levels.Variance * (float)(options.Scale * options.Scale), limit).Unsqueeze(-1);
        var slope = snr / (levels.Signal * (float)options.Scale);
        if (losesNothing)
            return state * slope;
        var whitened = Embedded(state).Times(part.Exact("whitening.transposed", () => linalg.solve_triangular(Factor(), eye(Width), upper: false, left: true).t()));
        return (whitened * slope).Times(part.Exact("whitened.transposed", Whitened)) - snr * 0.5f * part.Exact("whitened.lengths", Lengths);
    }

    // The columns of W, whitened: (d, K).
    private Tensor Whitened() => linalg.solve_triangular(Factor(), part.Tensor("weight").to(float32), upper: false, left: true);

    // Their squared lengths: (K).
    private Tensor Lengths()
    {
        var whitened = Whitened();
        return (whitened * whitened).sum([0L]);
    }

    // L with LLᵀ = WWᵀ, from the noise of the embedded space.
    private Tensor Factor()
    {
        using var made = kind == OnnxState.Embedded ? null : new EmbeddedSpace(part.Tensor("weight"));
        return ((GaussianSpace?)made ?? (GaussianSpace)space).Noise(1, Width, new IdentityNoise()).squeeze(0).t().contiguous();
    }
}
