using Tweedie.Networks;
using static Onnx.TensorProto.Types;

namespace Tweedie.Onnx;

/// <summary>CLIP's towers: the graphs of <c>ClipImageTower</c> and <c>ClipTextTower</c>, and the normalisation of their features.</summary>
/// <param name="part">The weights of one tower.</param>
/// <param name="options">The size of both.</param>
internal sealed class ClipGraph(NetworkPart part, ClipOptions options)
{
    private const double Epsilon = 1e-5;

    private GraphBuilder Graph => part.Graph;

    /// <summary>Images (B, 3, H, W), normalised, to vectors of length 1, (B, d).</summary>
    public Value Image(Value images)
    {
        var size = options.Image;
        var classToken = part.Weight("cls_token").Reshape(1, 1, size.Width);
        var tokens = VitGraph.WithClassTokens(VitGraph.Patches(part.Under("patch_embed"), images, size), classToken) + part.Weight("pos_embed");
        tokens = Blocks(part.LayerNorm(tokens, "norm_pre", Epsilon), size, isCausal: false);
        return Feature(tokens.Select(1, 0));
    }

    /// <summary>Token rows (B, length), int64, to vectors of length 1, (B, d). The token at a row's first end token is the text's.</summary>
    public Value Text(Value rows)
    {
        var tokens = Graph.Node("Gather", part.Weight("token_embed.weight"), rows) + part.Weight("pos_embed");
        tokens = Blocks(tokens, options.Text, isCausal: true);
        var isEnd = Graph.Node("Equal", rows, Graph.Index(options.Text.EndToken)).To(DataType.Int64);
        var end = Graph.Node("ArgMax", [isEnd], ("axis", 1L), ("keepdims", 1L));
        return Feature(Graph.Node("GatherND", [tokens, end], ("batch_dims", 1L)));
    }

    private Value Blocks(Value tokens, TransformerOptions size, bool isCausal)
    {
        for (var i = 0; i < size.Depth; i++)
            tokens = new BlockGraph(part.Under($"blocks.{i}"), size.Heads, Epsilon, options.Activation).Apply(tokens, isCausal);
        return tokens;
    }

    private Value Feature(Value token) => Graph.Node("LpNormalization", [part.Linear(part.LayerNorm(token, "norm", Epsilon), "proj")], ("axis", -1L), ("p", 2L));
}
