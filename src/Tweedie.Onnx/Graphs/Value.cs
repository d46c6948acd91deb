namespace Tweedie.Onnx;

/// <summary>A value of a graph: an input, a weight, or the output of a node. Arithmetic adds nodes.</summary>
/// <param name="Graph">The graph.</param>
/// <param name="Name">The name of the value in it.</param>
internal readonly record struct Value(GraphBuilder Graph, string Name)
{
    public static Value operator +(Value left, Value right) => left.Graph.Node("Add", left, right);

    public static Value operator -(Value left, Value right) => left.Graph.Node("Sub", left, right);

    public static Value operator *(Value left, Value right) => left.Graph.Node("Mul", left, right);

    public static Value operator /(Value left, Value right) => left.Graph.Node("Div", left, right);

    public static Value operator +(Value left, float right) => left + left.Graph.Number(right);

    public static Value operator -(Value left, float right) => left - left.Graph.Number(right);

    public static Value operator *(Value left, float right) => left * left.Graph.Number(right);

    /// <summary>The matrix product of the last two dimensions.</summary>
    public Value Times(Value right) => Graph.Node("MatMul", this, right);

    /// <summary>A function of each number, by the name of its operator.</summary>
    public Value Apply(string function) => Graph.Node(function, this);

    /// <summary>Another shape; 0 keeps a dimension, −1 takes what is left.</summary>
    public Value Reshape(params long[] shape) => Graph.Node("Reshape", this, Graph.Whole(shape));

    /// <summary>Other order of the dimensions.</summary>
    public Value Transpose(params long[] order) => Graph.Node("Transpose", [this], ("perm", order));

    /// <summary>New dimensions of length 1.</summary>
    public Value Unsqueeze(params long[] dimensions) => Graph.Node("Unsqueeze", this, Graph.Whole(dimensions));

    /// <summary>One entry of a dimension, which goes.</summary>
    public Value Select(long dimension, long index) => Graph.Node("Gather", [this, Graph.Index(index)], ("axis", dimension));

    /// <summary>The entries from one place to another of a dimension; places below 0 count from its end.</summary>
    public Value Slice(long dimension, long from, long to) => Slice(dimension, Graph.Whole(from), Graph.Whole(to));

    /// <summary>The same with places that the graph computes.</summary>
    public Value Slice(long dimension, Value from, Value to) => Graph.Node("Slice", this, from, to, Graph.Whole(dimension));

    /// <summary>The length of a dimension, shape (1), int64.</summary>
    public Value Length(long dimension) => Graph.Node("Shape", this).Slice(0, dimension, dimension + 1);

    /// <summary>softmax over the last dimension.</summary>
    public Value Softmax() => Graph.Node("Softmax", [this], ("axis", -1L));

    /// <summary>The mean over a dimension, which stays with length 1.</summary>
    public Value Mean(long dimension) => Graph.Opset >= 18 ? Graph.Node("ReduceMean", this, Graph.Whole(dimension)) : Graph.Node("ReduceMean", [this], ("axes", (long[])[dimension]));

    /// <summary>Numbers of another type.</summary>
    public Value To(global::Onnx.TensorProto.Types.DataType type) => Graph.Node("Cast", [this], ("to", (long)type));
}
