using static TorchSharp.torch;

namespace Tweedie.Onnx;

/// <summary>The embedding of timesteps: the graph of <c>TimestepEmbedding</c>.</summary>
internal static class TimestepGraph
{
    private const double MaximumPeriod = 10_000;

    /// <summary>Timesteps of any shape to embeddings (…, d).</summary>
    public static Value Apply(NetworkPart part, Value timesteps)
    {
        var half = part.Tensor("fc1.weight").shape[1] / 2;
        var frequencies = part.Exact("frequencies", () => TensorArithmetic.Counting(half, float32).Times(-Math.Log(MaximumPeriod) / half).exp());
        var angles = timesteps.Unsqueeze(-1) * frequencies;
        var sinusoids = part.Graph.Node("Concat", [angles.Apply("Cos"), angles.Apply("Sin")], ("axis", -1L));
        return part.Linear(Activations.Silu(part.Linear(sinusoids, "fc1")), "fc2");
    }
}
