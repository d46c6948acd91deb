using System.Buffers.Binary;
using System.Text.Unicode;

namespace Tweedie.Formats;

/// <summary>
/// The checked header of a safetensors file: 8 bytes of length (little-endian), that many bytes of JSON, then the tensors' bytes.
/// Names are unique, every tensor's bytes fit its shape and type, and together they cover the rest of the file without overlap or gap.
/// </summary>
internal sealed class SafeTensorsHeader
{
    /// <summary>The longest header that is accepted, bytes.</summary>
    public const int MaxLength = 100_000_000;

    private SafeTensorsHeader(IReadOnlyList<SafeTensorInfo> tensors, IReadOnlyDictionary<string, string> metadata) =>
        (Tensors, Metadata) = (tensors, metadata);

    /// <summary>The tensors in the order of their bytes.</summary>
    public IReadOnlyList<SafeTensorInfo> Tensors { get; }

    /// <summary>The file's <c>__metadata__</c>; empty where it has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads and checks the header of a file, and none of its tensors; of several files that an index names, all their headers as one.</summary>
    /// <exception cref="TweedieException">A file cannot be read or is not a valid safetensors file, or the files do not belong together.</exception>
    public static SafeTensorsHeader Load(string path) =>
        SafeTensorsIndex.IsIndex(path) ? new(SafeTensorsIndex.Read(path), new Dictionary<string, string>()) : LoadFile(path);

    /// <summary>Reads and checks the header of one file.</summary>
    internal static SafeTensorsHeader LoadFile(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return Read(stream, path);
        }
        catch (Exception exception) when (exception.IsFileError())
        {
            throw FileErrors.CannotRead(path, exception);
        }
    }

    /// <summary>
    /// Reads and checks a header from the start of a seekable stream and leaves the stream at the first tensor's bytes;
    /// <paramref name="source"/> names the stream in errors.
    /// </summary>
    /// <exception cref="TweedieException">The stream does not hold a valid safetensors file.</exception>
    public static SafeTensorsHeader Read(Stream stream, string source)
    {
        if (stream.Length < sizeof(ulong))
            throw new TweedieException($"{source}: is no safetensors file: it has only {stream.Length} bytes", FaultKind.Model);
        Span<byte> prefix = stackalloc byte[sizeof(ulong)];
        stream.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        var available = stream.Length - sizeof(ulong);
        if (length > MaxLength)
            throw new TweedieException($"{source}: is no safetensors file: its header has {length} bytes, at most {MaxLength} are allowed", FaultKind.Model);
        if (length > (ulong)available)
            throw new TweedieException($"{source}: is cut short or no safetensors file: its header has {length} bytes, only {available} follow", FaultKind.Model);

        var json = new byte[length];
        stream.ReadExactly(json);
        return Parse(json, available - json.Length, source);
    }

    /// <summary>Checks a header's JSON against the number of bytes that follow it.</summary>
    private static SafeTensorsHeader Parse(ReadOnlySpan<byte> json, long dataLength, string source)
    {
        if (!json.StartsWith("{"u8))
            throw new TweedieException($"{source}: is no safetensors file: its header does not begin with {{", FaultKind.Model);
        if (!Utf8.IsValid(json))
            throw new TweedieException($"{source}: the header is not UTF-8 text", FaultKind.Model);
        var (tensors, metadata) = new SafeTensorsJson(json, source).Parse();
        tensors = [.. tensors.OrderBy(tensor => tensor.Begin).ThenBy(tensor => tensor.End)];

        var end = 0L;
        foreach (var tensor in tensors)
        {
            if (tensor.End > dataLength)
                throw Misplaced(source, tensor, $"end beyond the file's {dataLength} bytes of data; is the file cut short?");
            if (tensor.Begin < end)
                throw Misplaced(source, tensor, $"overlap the tensor before, which ends at {end}");
            if (tensor.Begin > end)
                throw Misplaced(source, tensor, $"leave a gap after {end}");
            end = tensor.End;
        }
        if (end < dataLength)
            throw new TweedieException($"{source}: the tensors end at {end}, but {dataLength} bytes of data follow the header", FaultKind.Model);
        return new SafeTensorsHeader(tensors, metadata);
    }

    private static TweedieException Misplaced(string source, SafeTensorInfo tensor, string problem) =>
        new($"{source}: tensor '{OneLine.Of(tensor.Name)}': data_offsets [{tensor.Begin}, {tensor.End}] {problem}", FaultKind.Model);
}
