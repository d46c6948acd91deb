using static Onnx.TensorProto.Types;

namespace Tweedie.Onnx;

/// <summary>
/// The paper's loop, "argmax-and-re-noise", as one graph. The state of a step is √ᾱ·s·ŷ0 + √(1−ᾱ)·ε about the tokens that the step before chose; before the
/// first step there are none, and ŷ0 is zero.
/// </summary>
internal static class SamplerGraph
{
    /// <summary>Builds the graph: noise of S steps, the condition's keys and values, and the levels of the steps, to tokens.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="step">The step.</param>
    /// <param name="drawsNoise">Whether the noise is drawn inside. The graph then takes the number of items where there is no condition.</param>
    public static void Build(GraphBuilder graph, StepGraph step, bool drawsNoise)
    {
        var options = step.Options;
        var context = step.Context(graph);
        var told = graph.Input("told", DataType.Float, "steps");
        var levels = new LevelsGraph(graph.Input("alpha_bar", DataType.Float, "steps"), graph.Input("variance", DataType.Float, "steps"));
        Value? guidance = context is null ? null : graph.Input("guidance", DataType.Float, "steps");
        Value? noise = drawsNoise ? null : graph.Input("noise", DataType.Float, "steps", "items", options.Tokens, step.Space.Dimensions);
        var items = noise?.Length(1) ?? context?[0].Keys.Length(0) ?? graph.Input("items", DataType.Int64, 1);

        var body = graph.Body();
        var index = body.Input("step", DataType.Int64);
        body.Input("goes_on", DataType.Bool);
        var clean = body.Input("clean", DataType.Float, "items", options.Tokens, step.Space.Dimensions);
        var mean = options.SelfConditioning ? body.Input("previous", DataType.Float, "items", options.Tokens, options.Width) : (Value?)null;
        body.Input("chosen", DataType.Int64, "items", options.Tokens);

        var inner = step.In(body);
        Value At(Value steps) => body.Node("Gather", [steps with { Graph = body }, index], ("axis", 0L)).Reshape(1, 1);
        var now = new LevelsGraph(At(levels.AlphaBar), At(levels.Variance));
        var drawn = noise is { } given ? body.Node("Gather", [given with { Graph = body }, index], ("axis", 0L)) : body.Node("RandomNormalLike", clean);
        var state = now.Signal * clean + now.Deviation * inner.Space.Noise(drawn);
        var (_, logits) = inner.Predict(state, At(told), inner.Space.NeedsLevels ? now : null,
            context?.Select(block => new ContextGraph(block.Keys with { Graph = body }, block.Values with { Graph = body })).ToList(),
            guidance is { } scale ? body.Node("Squeeze", At(scale)) : null, mean);
        var tokens = StepGraph.Best(logits);
        body.Output("goes_on_next", body.Truth(), DataType.Bool);
        body.Output("clean_next", inner.Space.Clean(tokens), DataType.Float, "items", options.Tokens, step.Space.Dimensions);
        if (mean is not null)
            body.Output("previous_next", inner.Space.MeanEmbedding(logits), DataType.Float, "items", options.Tokens, options.Width);
        body.Output("chosen_next", tokens, DataType.Int64, "items", options.Tokens);

        Value Zeros(long width) => graph.Node("Expand", graph.Number(0), graph.Node("Concat", [items, graph.Whole(options.Tokens, width)], ("axis", 0L)));
        var nothing = graph.Node("Expand", graph.Index(0), graph.Node("Concat", [items, graph.Whole(options.Tokens)], ("axis", 0L)));
        Value[] carried = mean is null ? [Zeros(step.Space.Dimensions), nothing] : [Zeros(step.Space.Dimensions), Zeros(options.Width), nothing];
        var results = graph.Nodes("Loop", carried.Length, [graph.Node("Squeeze", told.Length(0)), graph.Truth(), .. carried], ("body", body.Proto));
        body.Proto.Name = "step";
        graph.Output("tokens", results[^1], DataType.Int64, "items", options.Tokens);
    }
}
