using Tweedie.Networks;

namespace Tweedie.Onnx;

/// <summary>Vision Transformers: the graph of <c>VisionTransformer</c>.</summary>
internal static class VitGraph
{
    /// <summary>Images (B, C, H, W), normalised, to condition tokens (B, M, d).</summary>
    /// <param name="part">The encoder's weights.</param>
    /// <param name="images">The images.</param>
    /// <param name="options">The encoder's size.</param>
    /// <param name="allTokens">Whether all tokens are the condition, and not the class tokens or the mean of the patches.</param>
    public static Value Apply(NetworkPart part, Value images, VisionTransformerOptions options, bool allTokens)
    {
        var tokens = WithClassTokens(Patches(part.Under("patch_embed"), images, options), part.Weight("cls_token")) + part.Weight("pos_embed");
        for (var i = 0; i < options.Depth; i++)
            tokens = new BlockGraph(part.Under($"blocks.{i}"), options.Heads, options.NormEpsilon, options.Activation).Apply(tokens);
        var isNormed = options.Pooling == Pooling.ClassToken;
        if (isNormed)
            tokens = part.LayerNorm(tokens, "norm", options.NormEpsilon);
        if (allTokens)
            return tokens;
        if (isNormed)
            return tokens.Slice(1, 0, options.ClassTokens);
        var patches = tokens.Slice(1, options.ClassTokens, options.ClassTokens + options.ImageSize / options.PatchSize * (options.ImageSize / options.PatchSize));
        return part.LayerNorm(patches.Mean(1), "fc_norm", options.NormEpsilon);
    }

    /// <summary>Patches as tokens, row by row: (B, C, H, W) → (B, L, d).</summary>
    public static Value Patches(NetworkPart part, Value images, ImageTransformerOptions options)
    {
        Value[] weights = part.Has("proj.bias") ? [part.Weight("proj.weight"), part.Weight("proj.bias")] : [part.Weight("proj.weight")];
        long[] size = [options.PatchSize, options.PatchSize];
        return part.Graph.Node("Conv", [images, .. weights], ("kernel_shape", size), ("strides", size)).Reshape(0, options.Width, -1).Transpose(0, 2, 1);
    }

    /// <summary>Tokens (B, L, d) with class tokens (1, C, d) before them.</summary>
    public static Value WithClassTokens(Value tokens, Value classTokens)
    {
        var graph = tokens.Graph;
        var items = graph.Node("Concat", [tokens.Length(0), graph.Whole(1, 1)], ("axis", 0L));
        return graph.Node("Concat", [graph.Node("Expand", classTokens, items), tokens], ("axis", 1L));
    }
}
