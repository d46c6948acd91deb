using global::Onnx;
using Google.Protobuf;
using static Onnx.AttributeProto.Types;
using static Onnx.TensorProto.Types;
using static TorchSharp.torch;

namespace Tweedie.Onnx;

/// <summary>
/// Builds a graph node by node. Weights are initializers under their state-dict keys; a weight that is used twice is stored once. The body of a loop shares the
/// names and the weights of the graph around it.
/// </summary>
/// <param name="opset">The version of the operators: 17, 20 or 23.</param>
/// <param name="precision">How weights are stored.</param>
internal sealed class GraphBuilder(int opset = 17, OnnxPrecision precision = OnnxPrecision.F32)
{
    private readonly Dictionary<string, int> _names = [];
    private readonly Dictionary<string, Value> _weights = [];
    private readonly GraphBuilder? _outer;

    private GraphBuilder(GraphBuilder outer) : this(outer.Opset, outer.Precision) => (_outer, _names) = (outer, outer._names);

    /// <summary>The version of the operators.</summary>
    public int Opset => opset;

    /// <summary>How weights are stored.</summary>
    public OnnxPrecision Precision => precision;

    /// <summary>The graph so far.</summary>
    public GraphProto Proto { get; } = new();

    /// <summary>A graph inside this one: the body of a loop.</summary>
    public GraphBuilder Body() => new(this);

    /// <summary>An input.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">The type of its numbers.</param>
    /// <param name="shape">Lengths as numbers, or names of those that are known only when it runs.</param>
    public Value Input(string name, DataType type, params object[] shape)
    {
        Proto.Input.Add(Described(Unique(name), type, shape));
        return new(this, Proto.Input[^1].Name);
    }

    /// <summary>Makes a value an output.</summary>
    public void Output(string name, Value value, DataType type, params object[] shape)
    {
        var output = Unique(name);
        Proto.Node.Add(new NodeProto { OpType = "Identity", Name = $"{output}/Identity", Input = { value.Name }, Output = { output } });
        Proto.Output.Add(Described(output, type, shape));
    }

    /// <summary>A node with one output and no attributes.</summary>
    public Value Node(string operation, params Value[] inputs) => Nodes(operation, 1, inputs)[0];

    /// <summary>A node with one output.</summary>
    public Value Node(string operation, Value[] inputs, params (string Name, object Value)[] attributes) => Nodes(operation, 1, inputs, attributes)[0];

    /// <summary>A node with several outputs.</summary>
    public Value[] Nodes(string operation, int outputs, Value[] inputs, params (string Name, object Value)[] attributes)
    {
        var node = new NodeProto { OpType = operation, Name = Unique(operation) };
        node.Input.AddRange(inputs.Select(input => input.Name));
        node.Output.AddRange(Enumerable.Range(0, outputs).Select(_ => Unique(node.Name)));
        node.Attribute.AddRange(attributes.Select(attribute => Described(attribute.Name, attribute.Value)));
        Proto.Node.Add(node);
        return [.. node.Output.Select(name => new Value(this, name))];
    }

    /// <summary>One number, float32.</summary>
    public Value Number(float value) => Constant($"number {value:R}", DataType.Float, [], BitConverter.GetBytes(value));

    /// <summary>Whole numbers in a row, int64.</summary>
    public Value Whole(params long[] values) => Constant($"whole {string.Join(' ', values)}", DataType.Int64, [values.Length], Bytes(values));

    /// <summary>One whole number without a dimension, int64.</summary>
    public Value Index(long value) => Constant($"index {value}", DataType.Int64, [], Bytes(value));

    /// <summary>The constant "true".</summary>
    public Value Truth() => Constant("true", DataType.Bool, [], [1]);

    /// <summary>A tensor in float32, whatever the precision of weights.</summary>
    public Value Exact(string key, Func<Tensor> tensor) => Weight(key, tensor, isExact: true);

    /// <summary>A weight. In float16 it is stored with half the bytes and computed with in float32.</summary>
    public Value Weight(string key, Func<Tensor> tensor) => Weight(key, tensor, isExact: false);

    /// <summary>8-bit whole numbers that a matrix becomes, and the scale of each of its columns.</summary>
    public (Value Numbers, Value Scales) Quantized(string key, Func<Tensor> matrix)
    {
        if (_outer is not null)
            return _outer.Quantized(key, matrix) is var (stored, by) ? (stored with { Graph = this }, by with { Graph = this }) : default;
        using var scope = NewDisposeScope();
        var (numbers, scales) = Int8Products.Quantize(matrix());
        return (Stored($"{key}.int8", DataType.Int8, numbers), Stored($"{key}.scale", DataType.Float, scales));
    }

    private Value Weight(string key, Func<Tensor> tensor, bool isExact)
    {
        if (_outer is not null)
            return _outer.Weight(key, tensor, isExact) with { Graph = this };
        if (_weights.TryGetValue(key, out var known))
            return known;
        using var scope = NewDisposeScope();
        var full = tensor().to(float32);
        return _weights[key] = isExact || Precision != OnnxPrecision.F16 ? Stored(key, DataType.Float, full)
            : Stored(key, DataType.Float16, full.to(float16)).To(DataType.Float);
    }

    private Value Stored(string key, DataType type, Tensor tensor) => Constant(key, type, tensor.shape, tensor.cpu().contiguous().bytes.ToArray());

    private Value Constant(string key, DataType type, long[] shape, byte[] bytes)
    {
        if (_outer is not null)
            return _outer.Constant(key, type, shape, bytes) with { Graph = this };
        if (_names.TryAdd(key, 1))
            Proto.Initializer.Add(new TensorProto { Name = key, DataType = (int)type, Dims = { shape }, RawData = UnsafeByteOperations.UnsafeWrap(bytes) });
        return new(this, key);
    }

    private string Unique(string name)
    {
        _names[name] = _names.GetValueOrDefault(name) + 1;
        return _names[name] == 1 ? name : Unique($"{name}_{_names[name]}");
    }

    private static byte[] Bytes(params long[] values) => System.Runtime.InteropServices.MemoryMarshal.AsBytes<long>(values).ToArray();

    private static ValueInfoProto Described(string name, DataType type, object[] shape)
    {
        var dimensions = shape.Select(length => length is string symbol ? new TensorShapeProto.Types.Dimension { DimParam = symbol }
            : new TensorShapeProto.Types.Dimension { DimValue = Convert.ToInt64(length, System.Globalization.CultureInfo.InvariantCulture) });
        return new ValueInfoProto { Name = name, Type = new() { TensorType = new() { ElemType = (int)type, Shape = new() { Dim = { dimensions } } } } };
    }

    private static AttributeProto Described(string name, object value) => value switch
    {
        long whole => new() { Name = name, Type = AttributeType.Int, I = whole },
        float number => new() { Name = name, Type = AttributeType.Float, F = number },
        long[] row => new() { Name = name, Type = AttributeType.Ints, Ints = { row } },
        GraphProto body => new() { Name = name, Type = AttributeType.Graph, G = body },
        _ => throw new ArgumentException($"No attribute holds a {value.GetType()}.", nameof(value)),
    };
}
