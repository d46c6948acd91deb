using Tweedie.Networks;
using static Onnx.TensorProto.Types;

namespace Tweedie.Onnx;

/// <summary>The diffusion head: the graph of <c>Denoiser</c>.</summary>
/// <param name="part">The head's weights.</param>
/// <param name="options">Its size.</param>
/// <param name="conditionTokens">M.</param>
/// <param name="isCausal">Whether a token sees, of the tokens, only itself and those before it; there may then be fewer than N.</param>
internal sealed class DenoiserGraph(NetworkPart part, DenoiserOptions options, long conditionTokens, bool isCausal)
{
    private BlockGraph Block(int index) => new(part.Under($"blocks.{index}"), options.Heads);

    private long HeadWidth => options.Width / options.Heads;

    /// <summary>The same head in another graph, such as the body of a loop.</summary>
    public DenoiserGraph In(GraphBuilder graph) => new(part with { Graph = graph }, options, conditionTokens, isCausal);

    /// <summary>The keys and values of condition tokens (B, M, width of the encoder) in every block.</summary>
    public IReadOnlyList<ContextGraph> Prepare(Value condition) => PrepareEmbedded(part.Linear(condition, "cond_embed"));

    /// <summary>The hidden state before the output layer.</summary>
    /// <param name="embedded">What the network sees of the state: (B, N, d).</param>
    /// <param name="told">Timesteps; broadcasts to (B, N).</param>
    /// <param name="context">Keys and values of the condition; null where there is none.</param>
    /// <param name="guidance">The guidance scale, without a dimension; null where there is no condition.</param>
    /// <param name="previous">The mean embedding of the prediction of the step before, (B, N, d); null where the network takes none.</param>
    public Value Hidden(Value embedded, Value told, IReadOnlyList<ContextGraph>? context, Value? guidance, Value? previous)
    {
        var tokens = embedded + TimestepGraph.Apply(part.Under("time_embed"), told);
        if (part.Has("pos_embed"))
            tokens += isCausal ? part.Weight("pos_embed").Slice(1, part.Graph.Whole(0), embedded.Length(1)) : part.Weight("pos_embed");
        if (part.Has("neighbors.weight"))
            tokens += part.Linear(SideBySide(embedded), "neighbors");
        if (previous is { } before)
            tokens += part.Linear(before, "self_cond");
        var items = embedded.Length(0);
        if (context is null || guidance is not { } scale)
            return Blocks(tokens, [.. PrepareEmbedded(part.Weight("cond_embed.bias").Reshape(1, 1, -1)).Select(block => Repeated(block, items, 1))]); // of a zero

        // All items with their condition, and again with the null condition where the scale is not 1.
        var isGuided = part.Graph.Node("Not", part.Graph.Node("Equal", scale, part.Graph.Number(1))).To(DataType.Int64);
        var extra = items * isGuided;
        var both = Blocks(Rows(tokens, tokens.Slice(0, part.Graph.Whole(0), extra)),
            [.. context.Zip(Prepare(part.Weight("null_cond")), (own, none) => Joined(own, Repeated(none, extra, conditionTokens)))]);
        var (conditional, unconditional) = (both.Slice(0, part.Graph.Whole(0), items), both.Slice(0, extra, extra + items));
        return conditional + (conditional - unconditional) * (scale - 1f);
    }

    /// <summary>The K outputs per token: (B, N, K).</summary>
    public Value Project(Value hidden) => part.LargeLinear(hidden, "head");

    private List<ContextGraph> PrepareEmbedded(Value tokens)
    {
        var context = new List<ContextGraph>();
        for (var i = 0; i < options.Depth; i++)
        {
            if (i == options.Depth - 1 || options.ProjectsCondition)
            {
                context.Add(Block(i).KeysAndValues(tokens));
                continue;
            }
            (var seen, tokens) = Block(i).ApplyAndKeep(tokens);
            context.Add(seen);
        }
        return context;
    }

    private Value Blocks(Value tokens, IReadOnlyList<ContextGraph> context)
    {
        var rotation = options.Positions == PositionKind.Rotary && part.Has("pos_embed") ? new RotaryGraph(part, part.Tensor("pos_embed").shape[1], HeadWidth, canBeShort: isCausal) : null;
        for (var i = 0; i < options.Depth; i++)
            tokens = Block(i).Apply(tokens, context[i], isCausal, rotation);
        return part.LayerNorm(tokens, "norm", 1e-6);
    }

    private ContextGraph Joined(ContextGraph first, ContextGraph second) => new(Rows(first.Keys, second.Keys), Rows(first.Values, second.Values));

    // One token for one item stands for the M equal tokens of each of some items.
    private ContextGraph Repeated(ContextGraph one, Value items, long tokens)
    {
        var shape = part.Graph.Node("Concat", [items, part.Graph.Whole(options.Heads, tokens, HeadWidth)], ("axis", 0L));
        return new(part.Graph.Node("Expand", one.Keys, shape), part.Graph.Node("Expand", one.Values, shape));
    }

    private Value Rows(Value first, Value second) => part.Graph.Node("Concat", [first, second], ("axis", 0L));

    // The tokens to the left and to the right of each token, zero beyond the ends: (B, N, d) → (B, N, 2d).
    private Value SideBySide(Value tokens)
    {
        var left = part.Graph.Node("Pad", tokens.Slice(1, 0, -1), part.Graph.Whole(0, 1, 0, 0, 0, 0));
        var right = part.Graph.Node("Pad", tokens.Slice(1, 1, int.MaxValue), part.Graph.Whole(0, 0, 0, 0, 1, 0));
        return part.Graph.Node("Concat", [left, right], ("axis", 2L));
    }
}
