using static Onnx.TensorProto.Types;

namespace Tweedie.Onnx;

/// <summary>What the parts of one model's denoising need to be built.</summary>
/// <param name="Denoiser">The head.</param>
/// <param name="Space">The space of its states.</param>
/// <param name="Options">The model's description.</param>
internal sealed record StepGraph(DenoiserGraph Denoiser, SpaceGraph Space, OnnxModelOptions Options)
{
    private const string Items = "items", Tokens = "tokens_or_1", ItemsOrOne = "items_or_1";

    /// <summary>The same step in another graph.</summary>
    public StepGraph In(GraphBuilder graph) => this with { Denoiser = Denoiser.In(graph), Space = Space.In(graph) };

    /// <summary>The inputs and outputs of one step as a graph of its own.</summary>
    public void Build(GraphBuilder graph)
    {
        var isPrefix = Options.State == OnnxState.Prefix;
        var state = isPrefix ? graph.Input("state", DataType.Int64, Items, "tokens_so_far")
            : Options.State == OnnxState.Masked ? graph.Input("state", DataType.Int64, Items, Options.Tokens)
            : graph.Input("state", DataType.Float, Items, Options.Tokens, Space.Dimensions);
        var told = isPrefix ? graph.Number(0).Reshape(1, 1) : graph.Input("told", DataType.Float, ItemsOrOne, Tokens);
        var levels = Space.NeedsLevels ? Levels(graph) : null;
        var context = Context(graph);
        Value? guidance = context is null ? null : graph.Input("guidance", DataType.Float);
        Value? previous = Options.SelfConditioning ? graph.Input("previous", DataType.Float, Items, Options.Tokens, Options.Width) : null;
        var bias = graph.Input("bias", DataType.Float, ItemsOrOne, Tokens, "classes_or_1");
        var (hidden, logits) = Predict(state, told, levels, context, guidance, previous);
        logits += bias;
        var length = isPrefix ? 1 : Options.Tokens;
        graph.Output("hidden", hidden, DataType.Float, Items, length, Options.Width);
        graph.Output("logits", logits, DataType.Float, Items, length, Options.Classes);
        graph.Output("tokens", Best(logits), DataType.Int64, Items, length);
        if (previous is not null)
            graph.Output("mean", Space.MeanEmbedding(logits), DataType.Float, Items, Options.Tokens, Options.Width);
    }

    /// <summary>The hidden state (B, N, d) and the scores of the clean entries (B, N, K).</summary>
    public (Value Hidden, Value Logits) Predict(Value state, Value told, LevelsGraph? levels, IReadOnlyList<ContextGraph>? context, Value? guidance, Value? previous)
    {
        var hidden = Denoiser.Hidden(Space.Embed(state, levels), told, context, guidance, previous);
        if (Options.State == OnnxState.Prefix)
            hidden = hidden.Slice(1, -1, int.MaxValue); // only the next token is predicted
        return (hidden, Space.Scores(Denoiser.Project(hidden), state, levels));
    }

    /// <summary>The highest entry of each token.</summary>
    public static Value Best(Value logits) => logits.Graph.Node("ArgMax", [logits], ("axis", -1L), ("keepdims", 0L));

    /// <summary>The inputs for the condition's keys and values; null where there is no condition.</summary>
    public IReadOnlyList<ContextGraph>? Context(GraphBuilder graph)
    {
        if (Options.ConditionTokens == 0)
            return null;
        Value Input(string name) => graph.Input(name, DataType.Float, Items, Options.Heads, Options.ConditionTokens, Options.Width / Options.Heads);
        return [.. Enumerable.Range(0, Options.Depth).Select(block => new ContextGraph(Input(OnnxNames.Keys(block)), Input(OnnxNames.Values(block))))];
    }

    /// <summary>The inputs for the levels of a state.</summary>
    public static LevelsGraph Levels(GraphBuilder graph) =>
        new(graph.Input("alpha_bar", DataType.Float, ItemsOrOne, Tokens), graph.Input("variance", DataType.Float, ItemsOrOne, Tokens));

    /// <summary>The graph that makes noisy states of tokens: y = √ᾱ·s·y0 + √(1−ᾱ)·ε.</summary>
    public void BuildCorruption(GraphBuilder graph)
    {
        var tokens = graph.Input("tokens", DataType.Int64, Items, Options.Tokens);
        var numbers = graph.Input("noise", DataType.Float, Items, Options.Tokens, Space.Dimensions);
        var levels = Levels(graph);
        var space = Space.In(graph);
        graph.Output("state", levels.Signal * space.Clean(tokens) + levels.Deviation * space.Noise(numbers), DataType.Float, Items, Options.Tokens, Space.Dimensions);
    }
}
