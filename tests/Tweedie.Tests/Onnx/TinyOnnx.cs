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
