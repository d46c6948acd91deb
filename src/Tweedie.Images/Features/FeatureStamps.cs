using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Tweedie.Storage;

namespace Tweedie.Images;

/// <summary>
/// Which pixels a file held when it was last read, by its path, length and time of writing: so that a file that has not changed since need not be read to
/// find its features. A file of a cache; where it is missing or damaged, the images are read once more.
/// </summary>
internal sealed class FeatureStamps
{
    private const string Name = "stamps";
    private const int EntryLength = 32;

    private readonly string _path;
    private readonly ConcurrentDictionary<UInt128, UInt128> _contents = [];
    private volatile bool _changed;

    private FeatureStamps(string path) => _path = path;

    public static FeatureStamps Load(string folder)
    {
        var stamps = new FeatureStamps(Path.Combine(folder, Name));
        stamps.Merge();
        return stamps;
    }

    public UInt128? Find(string stamp) => _contents.TryGetValue(Hash(stamp), out var content) ? content : null;

    public void Add(string stamp, UInt128 content)
    {
        _contents[Hash(stamp)] = content;
        _changed = true;
    }

    /// <summary>Writes the stamps, with those that other processes wrote meanwhile.</summary>
    public void Save()
    {
        if (!_changed)
            return;
        Merge();
        AtomicFile.Write(_path, stream =>
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var entry = new byte[EntryLength];
            foreach (var (stamp, content) in _contents)
            {
                BinaryPrimitives.WriteUInt128LittleEndian(entry, stamp);
                BinaryPrimitives.WriteUInt128LittleEndian(entry.AsSpan(16), content);
                hash.AppendData(entry);
                stream.Write(entry);
            }
            stream.Write(hash.GetHashAndReset());
        });
        _changed = false;
    }

    private void Merge()
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(_path);
        }
        catch (Exception exception) when (exception.IsFileError())
        {
            return;
        }
        if (bytes.Length % EntryLength != 0 || bytes.Length < EntryLength || !SHA256.HashData(bytes.AsSpan(..^EntryLength)).AsSpan().SequenceEqual(bytes.AsSpan(^EntryLength..)))
            return;
        for (var start = 0; start < bytes.Length - EntryLength; start += EntryLength)
            _contents.TryAdd(BinaryPrimitives.ReadUInt128LittleEndian(bytes.AsSpan(start)), BinaryPrimitives.ReadUInt128LittleEndian(bytes.AsSpan(start + 16)));
    }

    private static UInt128 Hash(string stamp) => BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(stamp)));
}
