using System.Text;

namespace Tweedie.Tests.Onnx;

/// <summary>Writes small ONNX models: chains of operators without attributes, from one input to one output.</summary>
internal static class TinyOnnx
{
    private const int Float = 1, Long = 7;

    /// <summary>The mean of each channel of an image: (B, C, H, W) to (B, C, 1, 1), after an inner tensor "positive" of the same shape as the image.</summary>
    public static byte[] Pooling(long? batch = null, long? size = null) =>
        Model([("Relu", "images", "positive"), ("GlobalAveragePool", "positive", "pooled")], Float, [batch, 3, size, size], [batch, 3, 1, 1]);

    /// <summary>A model of one operator whose output is the features.</summary>
    public static byte[] Of(string operation, long?[] input, long?[] output, bool isText = false) =>
        Model([(operation, "images", "pooled")], isText ? Long : Float, input, output);

    /// <summary>As <see cref="Pooling"/>, after an addition of numbers that a file beside it holds: three in float32, one per channel.</summary>
    /// <param name="location">The file, relative to the model's.</param>
    public static byte[] WithExternalData(string location) =>
    [
        .. Number(1, 8),
        .. Message(8, [.. Number(2, 13)]),
        .. Message(7,
        [
            .. Message(1, [.. Text(1, "images"), .. Text(1, "bias"), .. Text(2, "sum"), .. Text(4, "Add")]),
            .. Message(1, [.. Text(1, "sum"), .. Text(2, "pooled"), .. Text(4, "GlobalAveragePool")]),
            .. Text(2, "graph"),
            .. Message(5,
            [
                .. Number(1, 3), .. Number(1, 1), .. Number(1, 1), .. Number(2, Float), .. Text(8, "bias"),
                .. Message(13, [.. Text(1, "location"), .. Text(2, location)]), .. Message(13, [.. Text(1, "length"), .. Text(2, "12")]), .. Number(14, 1),
            ]),
            .. Message(11, Value("images", Float, [null, 3, null, null])),
            .. Message(12, Value("pooled", Float, [null, 3, 1, 1])),
        ]),
    ];

    private static byte[] Model((string Operation, string From, string To)[] nodes, int type, long?[] input, long?[] output) =>
    [
        .. Number(1, 8), // ir_version
        .. Message(8, [.. Number(2, 13)]), // opset_import
        .. Message(7,
        [
            .. nodes.SelectMany(node => Message(1, [.. Text(1, node.From), .. Text(2, node.To), .. Text(4, node.Operation)])),
            .. Text(2, "graph"),
            .. Message(11, Value("images", type, input)),
            .. Message(12, Value(nodes[^1].To, type, output)),
        ]),
    ];

    private static byte[] Value(string name, int type, long?[] shape) =>
    [
        .. Text(1, name),
        .. Message(2, Message(1, [.. Number(1, type), .. Message(2, [.. shape.SelectMany(size => Message(1, size is { } fixedSize ? Number(1, fixedSize) : Text(2, "any")))])])),
    ];

    private static byte[] Number(int field, long value) => [(byte)(field << 3), .. Varint(value)];

    private static byte[] Text(int field, string text) => Message(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Message(int field, byte[] content) => [(byte)(field << 3 | 2), .. Varint(content.Length), .. content];

    private static IEnumerable<byte> Varint(long value)
    {
        for (; value >= 0x80; value >>= 7)
            yield return (byte)(value & 0x7F | 0x80);
        yield return (byte)value;
    }
}
