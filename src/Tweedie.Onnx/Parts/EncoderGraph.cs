using Tweedie.Models;
using static Onnx.TensorProto.Types;

namespace Tweedie.Onnx;

/// <summary>From an image, or from the features of a frozen encoder, to condition tokens: the graph of a conditioner.</summary>
internal static class EncoderGraph
{
    private const double Cut = 6; // deviations at which features are cut off

    /// <summary>Adds the input and the condition tokens (B, M, width).</summary>
    public static Value Build(NetworkPart encoder, TokenModelOptions model) => model.Features is { } features
        ? Standardized(encoder, encoder.Graph.Input("features", DataType.Float, "items", features.Tokens, features.Width))
        : VitGraph.Apply(encoder, Images(encoder.Graph, model), model.Encoder, model.UsesAllTokens);

    /// <summary>The input for normalised images (B, C, H, W).</summary>
    public static Value Images(GraphBuilder graph, ImageInputOptions model) =>
        graph.Input("images", DataType.Float, "items", model.Input.Channels, model.Input.Height, model.Input.Width);

    /// <summary>Makes condition tokens, and their keys and values in every block of the head, outputs of the graph.</summary>
    public static void Output(Value condition, IReadOnlyList<ContextGraph> context, OnnxModelOptions options, long width)
    {
        var graph = condition.Graph;
        graph.Output("condition", condition, DataType.Float, "items", options.ConditionTokens, width);
        for (var block = 0; block < context.Count; block++)
            foreach (var (name, value) in new[] { (OnnxNames.Keys(block), context[block].Keys), (OnnxNames.Values(block), context[block].Values) })
                graph.Output(name, value, DataType.Float, "items", options.Heads, options.ConditionTokens, options.Width / options.Heads);
    }

    // The graph of FeatureConditioner.
    private static Value Standardized(NetworkPart part, Value features)
    {
        var graph = part.Graph;
        var tokens = graph.Node("Clip", (features - part.Exact("mean", () => part.Tensor("mean"))) / part.Exact("std", () => part.Tensor("std")), graph.Number((float)-Cut), graph.Number((float)Cut));
        return part.Has("pos_embed") ? tokens + part.Weight("pos_embed") : tokens;
    }
}
