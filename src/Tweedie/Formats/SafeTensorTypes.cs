using static TorchSharp.torch;

namespace Tweedie.Formats;

/// <summary>The element types of safetensors that have a counterpart in torch.</summary>
internal static class SafeTensorTypes
{
    private static readonly (string Name, ScalarType Type, int Size)[] All =
    [
        ("F64", ScalarType.Float64, 8), ("F32", ScalarType.Float32, 4), ("F16", ScalarType.Float16, 2), ("BF16", ScalarType.BFloat16, 2),
        ("I64", ScalarType.Int64, 8), ("I32", ScalarType.Int32, 4), ("I16", ScalarType.Int16, 2), ("I8", ScalarType.Int8, 1),
        ("U8", ScalarType.Byte, 1), ("BOOL", ScalarType.Bool, 1),
    ];

    /// <summary>The names, for messages.</summary>
    public static string Names { get; } = string.Join(", ", All.Select(entry => entry.Name));

    /// <summary>The type with this name in a header; null where there is none.</summary>
    public static ScalarType? Find(string name) =>
        All.Where(entry => entry.Name == name).Select(entry => (ScalarType?)entry.Type).FirstOrDefault();

    /// <summary>The name of the type in a header; null where safetensors has no such type.</summary>
    public static string? NameOf(ScalarType type) => All.FirstOrDefault(entry => entry.Type == type).Name;

    /// <summary>The bytes of one element.</summary>
    public static int SizeOf(ScalarType type) => All.First(entry => entry.Type == type).Size;
}
