using TorchSharp.Modules;
using TorchSharp.Utils;
using Tweedie.Diffusion;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Tweedie.Networks;

/// <summary>
/// The diffusion head f_θ(y_t, t, c) (paper §3.4): the noisy one-hot tokens are embedded and get a position and a timestep. In pre-norm "diffusion blocks"
/// they attend to themselves and to the condition tokens. LayerNorm and a linear layer give K outputs per token. Condition tokens pass through the same
/// blocks but see neither noisy tokens nor t, so their keys and values are computed once per image.
/// </summary>
public sealed class Denoiser : Module
{
    [ComponentName(Name = "token_embed")]
    private readonly OneHotEmbedding embedding;
    [ComponentName(Name = "pos_embed")]
    private readonly Parameter? positions;
    [ComponentName(Name = "time_embed")]
    private readonly TimestepEmbedding timeEmbedding;
    [ComponentName(Name = "cond_embed")]
    private readonly Linear conditionEmbedding;
    [ComponentName(Name = "null_cond")]
    private readonly Parameter nullCondition;
    private readonly Linear? neighbors;
    [ComponentName(Name = "self_cond")]
    private readonly Linear? previousEmbedding;
    private readonly ModuleList<TransformerBlock> blocks;
    private readonly LayerNorm norm;
    private readonly Linear head;
    [ComponentName(Name = "level_loss")]
    private readonly Tensor? losses;
    private readonly bool _projectsCondition;
    private readonly bool _isCausal;
    private readonly double _dropout;
    private readonly long _rotated;

    /// <summary>Creates a head with initial weights from torch's global generator.</summary>
    /// <param name="options">The head's size.</param>
    /// <param name="classes">K.</param>
    /// <param name="tokens">N.</param>
    /// <param name="conditionWidth">Width of a condition token as the encoder gives it.</param>
    /// <param name="measuresLoss">Whether it keeps the loss by timestep.</param>
    /// <param name="countsTokens">Whether it counts in training which tokens stand at which places.</param>
    /// <param name="isCausal">Whether a token sees, of the tokens, only itself and those before it, as an autoregressive model needs.</param>
    public Denoiser(
        DenoiserOptions options, long classes, int tokens, int conditionWidth, bool measuresLoss = false, bool isCausal = false,
        bool countsTokens = false) : base(nameof(Denoiser))
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(tokens, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(conditionWidth, 1);
        (Classes, Tokens, ConditionWidth, _projectsCondition, _isCausal) = (classes, tokens, conditionWidth, options.ProjectsCondition, isCausal);
        _dropout = options.Dropout;
        _rotated = options.Positions == PositionKind.Rotary && tokens > 1 ? options.Width / options.Heads : 0;
        embedding = new OneHotEmbedding(classes, options.Width, countsTokens ? tokens : 0);
        positions = tokens > 1 ? Initialization.Parameter(1, tokens, options.Width) : null;
        if (positions is not null && options.Positions == PositionKind.Sinusoids)
            Initialization.SetPositions(positions);
        timeEmbedding = new TimestepEmbedding(options.Width);
        conditionEmbedding = Initialization.Linear(conditionWidth, options.Width);
        nullCondition = Initialization.Parameter(1, 1, conditionWidth);
        if (options.Neighbors && !isCausal)
            neighbors = Initialization.ZeroLayer(2 * options.Width, options.Width);
        if (options.SelfConditioning)
            previousEmbedding = Initialization.ZeroLayer(options.Width, options.Width);
        blocks = Initialization.Blocks(options, dropout: options.Dropout);
        norm = Initialization.LayerNorm(options.Width);
        head = Initialization.OutputLayer(options.Width, classes);
        if (measuresLoss)
        {
            losses = TensorArithmetic.Filled([LossCurve.Parts], double.NaN, float32, CPU);
            register_buffer("level_loss", losses);
            LossCurve = new LossCurve(losses);
        }
        RegisterComponents();
    }

    /// <summary>K, the number of classes or vocabulary entries.</summary>
    public long Classes { get; }

    /// <summary>N, the number of tokens of an item.</summary>
    public int Tokens { get; }

    /// <summary>Width of a condition token as the encoder gives it.</summary>
    public int ConditionWidth { get; }

    /// <summary>Whether the network takes in its own prediction of the step before.</summary>
    public bool TakesPrevious => previousEmbedding is not null;

    /// <summary>The measured loss by timestep, which is saved with the network; null where it keeps none.</summary>
    public LossCurve? LossCurve { get; }

    /// <summary>W, and the spaces in which tokens are corrupted.</summary>
    public OneHotEmbedding Embedding => embedding;

    /// <summary>The keys and values of the condition tokens in every block.</summary>
    /// <param name="condition">Condition tokens, shape (B, M, width of the encoder).</param>
    internal IReadOnlyList<KeyValues> Prepare(Tensor condition)
    {
        using var scope = NewDisposeScope();
        var tokens = conditionEmbedding.forward(condition.to(conditionEmbedding.weight.dtype));
        var context = new List<KeyValues>(blocks.Count);
        foreach (var block in blocks)
        {
            context.Add(block.KeysAndValues(tokens).Map(tensor => tensor.MoveToOuterDisposeScope()));
            if (context.Count < blocks.Count && !_projectsCondition)
                tokens = block.forward(tokens);
        }
        return context;
    }

    /// <summary>
    /// The keys and values of the null condition in place of M condition tokens, for one item. Equal tokens stay equal in every block,
    /// so one is computed and stands for all M.
    /// </summary>
    internal IReadOnlyList<KeyValues> PrepareNull(long conditionTokens) =>
        [.. Prepare(nullCondition).Select(block => block with { Multiplicity = conditionTokens })];

    /// <summary>Replaces the condition of a share of the items by the null condition (guidance training).</summary>
    /// <param name="condition">Shape (B, M, width of the encoder).</param>
    /// <param name="probability">The share, 0 to 1.</param>
    internal Tensor DropCondition(Tensor condition, double probability)
    {
        if (probability == 0)
            return condition.alias();
        using var scope = NewDisposeScope();
        var dropped = rand([condition.shape[0], 1, 1], float32, condition.device).IsBelow(probability);
        return where(dropped, nullCondition.to(condition.dtype), condition).MoveToOuterDisposeScope();
    }

    /// <summary>The hidden state before the output layer.</summary>
    /// <param name="embedded">W·y_t, shape (B, N, d); see <see cref="ITokenSpace.Embed(Tensor, Tensor)"/>.</param>
    /// <param name="timesteps">t; broadcasts to (B, N).</param>
    /// <param name="context">What <see cref="Prepare"/> gave for these B items, or for fewer items that each serve the same number of them, side by side.</param>
    /// <param name="previous">The mean embedding of the step before's prediction, shape (B, N, d); null for none.</param>
    /// <returns>Shape (B, N, d); where there are two contexts (<see cref="KeyValues.Other"/>), 2B items: all items with the first, then all with the other.</returns>
    internal Tensor Hidden(Tensor embedded, Tensor timesteps, IReadOnlyList<KeyValues> context, Tensor? previous = null)
    {
        using var scope = NewDisposeScope();
        var tokens = embedded.to(head.weight.dtype).Plus(timeEmbedding.forward(timesteps));
        if (positions is not null)
            tokens = tokens.Plus(positions);
        if (neighbors is not null)
            tokens = tokens.Plus(neighbors.forward(SideBySide(embedded.to(head.weight.dtype))));
        if (previousEmbedding is not null && previous is not null)
            tokens = tokens.Plus(previousEmbedding.forward(previous.to(head.weight.dtype)));
        if (training && _dropout > 0)
            tokens = functional.dropout(tokens, _dropout, training);
        if (context[0].Other is not null)
            tokens = cat([tokens, tokens]);
        var rotation = Rotation(0, tokens.shape[1]);
        for (var i = 0; i < blocks.Count; i++)
            tokens = blocks[i].Attend(tokens, context[i], _isCausal, rotation);
        return norm.forward(tokens).MoveToOuterDisposeScope();
    }

    /// <summary>Whether a token sees, of the tokens, only itself and those before it.</summary>
    internal bool IsCausal => _isCausal;

    /// <summary>What <see cref="Hidden"/> adds to the embedded tokens of a causal head, which is always told t = 0: shape (1, N, d).</summary>
    internal Tensor Places()
    {
        using var scope = NewDisposeScope();
        var time = timeEmbedding.forward(zeros([1, 1], float32, head.weight.device));
        return (positions is null ? time : time.Plus(positions)).MoveToOuterDisposeScope();
    }

    /// <summary>The hidden states of the last tokens of rows whose first tokens went before them: what <see cref="Hidden"/> gives for them in the whole rows.</summary>
    /// <param name="tokens">The embedded tokens with what their places add, shape (B, N, d).</param>
    /// <param name="context">As above.</param>
    /// <param name="past">For each block, keys and values of the tokens before them, to which those of these tokens are added.</param>
    internal Tensor Continue(Tensor tokens, IReadOnlyList<KeyValues> context, IReadOnlyList<KeyValueCache> past)
    {
        using var scope = NewDisposeScope();
        var rotation = Rotation(past[0].Length, tokens.shape[1]);
        for (var i = 0; i < blocks.Count; i++)
            tokens = blocks[i].Continue(tokens, context[i], past[i], rotation);
        return norm.forward(tokens).MoveToOuterDisposeScope();
    }

    private RotaryPositions? Rotation(long first, long count) => _rotated == 0 ? null : RotaryPositions.Create(first, count, _rotated, head.weight.dtype, head.weight.device);

    // The tokens to the left and to the right of each token, zero beyond the ends: (B, N, d) → (B, N, 2d).
    private static Tensor SideBySide(Tensor tokens)
    {
        var (length, end) = (tokens.shape[1], zeros([tokens.shape[0], 1, tokens.shape[2]], tokens.dtype, tokens.device));
        return cat([cat([end, tokens.narrow(1, 0, length - 1)], 1), cat([tokens.narrow(1, 1, length - 1), end], 1)], 2);
    }

    /// <summary>Hidden states (B, N, d) to the network's K outputs per token, computed on demand. The result owns the hidden states.</summary>
    internal Logits Project(Tensor hidden) => new(hidden, head.weight, head.bias);
}
