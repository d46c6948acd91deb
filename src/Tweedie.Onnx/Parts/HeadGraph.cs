using Tweedie.Models;
using static Onnx.TensorProto.Types;

namespace Tweedie.Onnx;

/// <summary>A classifier that reads the label off the condition: the encoder, and a linear layer or an MLP.</summary>
internal static class HeadGraph
{
    /// <summary>From images or features to logits (B, K).</summary>
    public static void Build(NetworkPart network, TokenModelOptions model, OnnxModelOptions options)
    {
        var condition = EncoderGraph.Build(network.Under("encoder"), model).Reshape(0, -1);
        var head = network.Under("head");
        var logits = head.Has("fc1.weight") ? head.LargeLinear(Activations.Of(head.LargeLinear(condition, "fc1"), Networks.Activation.Gelu), "fc2") : network.LargeLinear(condition, "head");
        network.Graph.Output("logits", logits, DataType.Float, "items", options.Classes);
    }
}
