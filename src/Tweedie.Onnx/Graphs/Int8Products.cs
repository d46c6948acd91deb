using static Onnx.TensorProto.Types;
using static TorchSharp.torch;

namespace Tweedie.Onnx;

/// <summary>
/// Matrix products in 8-bit whole numbers: the matrix is stored so, column by column with a scale of its own; the other factor is quantised when the graph runs.
/// </summary>
internal static class Int8Products
{
    // Seven bits: on processors without instructions for such products, two products of eight bits would not fit into the 16 bits in which they are added.
    private const double Largest = 64;

    /// <summary>x·W for a matrix W of (inputs, outputs).</summary>
    public static Value Multiply(Value input, string key, Func<Tensor> matrix)
    {
        var (weights, scales) = input.Graph.Quantized(key, matrix);
        var quantized = input.Graph.Nodes("DynamicQuantizeLinear", 3, [input]);
        var product = input.Graph.Node("MatMulInteger", quantized[0], weights, quantized[2]);
        return product.To(DataType.Float) * (quantized[1] * scales);
    }

    /// <summary>Numbers of −64 to 64, shape (inputs, outputs), int8, and the scales, shape (outputs), float32.</summary>
    public static (Tensor Numbers, Tensor Scales) Quantize(Tensor matrix)
    {
        using var scope = NewDisposeScope();
        var largest = matrix.abs().amax([0L]);
        var scales = where(largest.Is(0), ones_like(largest), largest.Over(Largest));
        return ((matrix / scales).round().to(int8).MoveToOuterDisposeScope(), scales.to(float32).MoveToOuterDisposeScope());
    }
}
