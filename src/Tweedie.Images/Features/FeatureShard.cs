using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Tweedie.Storage;

namespace Tweedie.Images;

/// <summary>
/// A file of a feature cache: a header, the keys of its rows, the rows in float16, and the SHA-256 of all before it. It is written once, whole or not at all,
/// and mapped into memory.
/// </summary>
internal sealed unsafe class FeatureShard : IDisposable
{
    public const string Pattern = "*.features";

    private const uint Magic = 0x31465754; // "TWF1" in the order of the file's bytes
    private const int HeaderLength = 16;
    private const int KeyLength = 20;
    private const int HashLength = 32;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly int _rowLength;
    private readonly byte* _rows;

    private FeatureShard(MemoryMappedFile file, MemoryMappedViewAccessor view, int rowLength, IReadOnlyList<FeatureKey> keys)
    {
        (_file, _view, _rowLength, Keys) = (file, view, rowLength, keys);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _rows);
        _rows += _view.PointerOffset + HeaderLength + (long)KeyLength * keys.Count;
    }

    /// <summary>The key of each row.</summary>
    public IReadOnlyList<FeatureKey> Keys { get; }

    /// <summary>Writes a shard under a name of its own.</summary>
    /// <exception cref="TweedieException">It cannot be written.</exception>
    public static string Write(string folder, int tokens, int width, IReadOnlyList<FeatureKey> keys, ReadOnlyMemory<Half> rows)
    {
        var path = Path.Combine(folder, $"{Guid.NewGuid():N}.features");
        AtomicFile.Write(path, stream =>
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            Put(Header(keys.Count, tokens, width));
            foreach (var key in keys)
                Put(Bytes(key));
            Put(MemoryMarshal.AsBytes(rows.Span));
            stream.Write(hash.GetHashAndReset());

            void Put(ReadOnlySpan<byte> bytes)
            {
                hash.AppendData(bytes);
                stream.Write(bytes);
            }
        });
        return path;
    }

    /// <summary>Opens a shard; null where it is damaged or of another shape.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static FeatureShard? Open(string path, int tokens, int width)
    {
        using (var stream = File.OpenRead(path))
            if (!IsWhole(stream))
                return null;
        var file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        var view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        var header = new byte[HeaderLength];
        view.ReadArray(0, header, 0, header.Length);
        var count = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(4));
        var length = new FileInfo(path).Length;
        if (count < 0 || !header.SequenceEqual(Header(count, tokens, width)) || length != HeaderLength + count * (KeyLength + 2L * tokens * width) + HashLength)
        {
            view.Dispose();
            file.Dispose();
            return null;
        }
        var keys = new byte[count * KeyLength];
        view.ReadArray(HeaderLength, keys, 0, keys.Length);
        return new(file, view, tokens * width, [.. Enumerable.Range(0, count).Select(row => KeyOf(keys.AsSpan(row * KeyLength, KeyLength)))]);
    }

    /// <summary>Copies a row.</summary>
    /// <param name="row">Its place in the shard.</param>
    /// <param name="values">Receives M·d numbers.</param>
    public void Read(int row, Span<Half> values) =>
        new ReadOnlySpan<Half>(_rows + 2L * _rowLength * row, _rowLength).CopyTo(values);

    /// <inheritdoc/>
    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    private static bool IsWhole(FileStream stream)
    {
        if (stream.Length < HeaderLength + HashLength)
            return false;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (left, part) = (stream.Length - HashLength, new byte[1 << 18]);
        while (left > 0)
        {
            var read = stream.Read(part, 0, (int)Math.Min(left, part.Length));
            if (read == 0)
                return false;
            hash.AppendData(part, 0, read);
            left -= read;
        }
        var stored = new byte[HashLength];
        stream.ReadExactly(stored);
        return hash.GetHashAndReset().AsSpan().SequenceEqual(stored);
    }

    private static byte[] Header(int rows, int tokens, int width)
    {
        var header = new byte[HeaderLength];
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), rows);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), tokens);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(12), width);
        return header;
    }

    private static byte[] Bytes(FeatureKey key)
    {
        var bytes = new byte[KeyLength];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, key.Content);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), key.View);
        return bytes;
    }

    private static FeatureKey KeyOf(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt128LittleEndian(bytes), BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]));
}
