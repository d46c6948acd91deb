using System.Buffers.Binary;
using System.IO.Compression;

namespace Tweedie.Images;

/// <summary>
/// The IDX format of the MNIST family (LeCun, Cortes, Burges): a big-endian magic number whose last byte is the number of dimensions,
/// the dimensions as 32-bit integers, then unsigned bytes. Gzip is recognised by the content.
/// </summary>
internal sealed record IdxFile(int[] Dimensions, byte[] Data)
{
    public const int ImagesMagic = 0x0803;
    public const int LabelsMagic = 0x0801;

    private const int Gzip = 0x1F8B;

    /// <summary>Deflate cannot expand a byte to more than this, so a gzip file bounds the size its header may claim.</summary>
    private const long MaximumExpansion = 1032;

    /// <summary>Reads a whole file; the header is checked against the file's length before memory is taken.</summary>
    /// <exception cref="TweedieException">The file is missing, of another kind, truncated, too long or corrupt.</exception>
    public static IdxFile Read(string path, int magic)
    {
        try
        {
            using var file = File.OpenRead(path);
            var isCompressed = IsGzip(file);
            using Stream content = isCompressed ? new GZipStream(file, CompressionMode.Decompress) : file;
            return Read(content, path, magic, isCompressed ? file.Length * MaximumExpansion : file.Length);
        }
        catch (InvalidDataException error)
        {
            throw new TweedieException($"'{path}' cannot be unpacked: its gzip data are damaged, fetch it again.", error);
        }
        catch (EndOfStreamException)
        {
            throw new TweedieException($"'{path}' ends within its IDX header: the file is truncated, fetch it again.");
        }
        catch (Exception error) when (error.IsFileError())
        {
            throw new TweedieException($"'{path}' cannot be read: {error.Message}", error, FaultKind.Storage);
        }
    }

    private static bool IsGzip(FileStream file)
    {
        var isGzip = (file.ReadByte() << 8 | file.ReadByte()) == Gzip;
        file.Position = 0;
        return isGzip;
    }

    private static IdxFile Read(Stream content, string path, int magic, long lengthLimit)
    {
        var found = ReadInt32(content);
        if (found != magic)
            throw new TweedieException($"'{path}' is no IDX file of {KindOf(magic)}: {ForeignContent.Describe(path) ?? Recognise(found, magic)}.");

        var dimensions = new int[magic & 0xFF];
        long length = 1;
        foreach (ref var dimension in dimensions.AsSpan())
        {
            dimension = ReadInt32(content);
            if (dimension <= 0)
                throw new TweedieException($"'{path}' has a dimension of {dimension} in its IDX header; dimensions are positive.");
            length = length > int.MaxValue ? length : length * dimension;
        }

        var header = 4 * (1 + dimensions.Length);
        if (length > Array.MaxLength)
            throw new TweedieException(
                $"'{path}' claims {Product(dimensions)} bytes in its IDX header; at most {Array.MaxLength} are supported.");
        if (length > lengthLimit - header)
            throw new TweedieException(
                $"'{path}' claims {Product(dimensions)} = {length} bytes in its IDX header, more than the file can hold: " +
                "it is truncated, fetch it again.");

        var data = new byte[length];
        var read = content.ReadAtLeast(data, data.Length, throwOnEndOfStream: false);
        if (read < data.Length)
            throw new TweedieException(
                $"'{path}' ends after {read} of {length} bytes of {KindOf(magic)}: it is truncated, fetch it again.");
        if (content.ReadByte() >= 0)
            throw new TweedieException($"'{path}' goes on after the {Product(dimensions)} = {length} bytes that its IDX header claims.");
        return new IdxFile(dimensions, data);
    }

    private static string Recognise(int start, int magic)
    {
        if (start >>> 16 == Gzip)
            return "it is gzipped twice; unpack it once, with gunzip";
        if (start is ImagesMagic or LabelsMagic)
            return $"it is one of {KindOf(start)}, so the two files are exchanged";
        return $"it starts with {start} and not with {magic}";
    }

    private static int ReadInt32(Stream content)
    {
        Span<byte> bytes = stackalloc byte[4];
        content.ReadExactly(bytes);
        return BinaryPrimitives.ReadInt32BigEndian(bytes);
    }

    private static string Product(int[] dimensions) => string.Join(" x ", dimensions);

    private static string KindOf(int magic) => magic == ImagesMagic ? "images" : "labels";
}
