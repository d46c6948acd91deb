using System.Security.Cryptography;
using Tweedie.Storage;

namespace Tweedie.Images;

/// <summary>
/// A folder's index as a file: the folder's path, the index, and a hash of all before it, so that no other content is taken for an index.
/// </summary>
internal static class FolderIndexFile
{
    private const string Kind = "Tweedie folder index 3";

    /// <summary>The index in a file, if the file is there, whole, of this version and of this folder.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static FolderIndex? TryRead(string path, string folder)
    {
        if (!File.Exists(path))
            return null;
        var bytes = File.ReadAllBytes(path);
        var length = bytes.Length - SHA256.HashSizeInBytes;
        if (length < 0 || !SHA256.HashData(bytes.AsSpan(0, length)).AsSpan().SequenceEqual(bytes.AsSpan(length)))
            return null;
        using var reader = new BinaryReader(new MemoryStream(bytes, 0, length));
        if (reader.ReadString() != Kind || reader.ReadString() != folder)
            return null;
        return new FolderIndex(
            ReadList(reader, () => new FolderStamp(reader.ReadString(), new DateTime(reader.ReadInt64(), DateTimeKind.Utc))),
            ReadList(reader, () => new ClassFiles(reader.ReadString(), ReadList(reader, reader.ReadString))),
            new LeftOut(ReadList(reader, () => KeyValuePair.Create(reader.ReadString(), reader.ReadInt32())).ToDictionary(),
                ReadList(reader, reader.ReadString), ReadList(reader, reader.ReadString)));
    }

    /// <summary>Writes the index of a folder.</summary>
    /// <exception cref="TweedieException">The file cannot be written.</exception>
    public static void Write(string path, string folder, FolderIndex index)
    {
        using var content = new MemoryStream();
        using var writer = new BinaryWriter(content);
        writer.Write(Kind);
        writer.Write(folder);
        WriteList(writer, index.Folders, stamp =>
        {
            writer.Write(stamp.Path);
            writer.Write(stamp.Changed.Ticks);
        });
        WriteList(writer, index.Classes, files =>
        {
            writer.Write(files.Name);
            WriteList(writer, files.Files, writer.Write);
        });
        WriteList(writer, [.. index.LeftOut.Suffixes], pair =>
        {
            writer.Write(pair.Key);
            writer.Write(pair.Value);
        });
        WriteList(writer, index.LeftOut.Loose, writer.Write);
        WriteList(writer, index.LeftOut.Links, writer.Write);
        writer.Write(SHA256.HashData(content.GetBuffer().AsSpan(0, (int)content.Length)));
        AtomicFile.Write(path, content.WriteTo);
    }

    private static T[] ReadList<T>(BinaryReader reader, Func<T> read)
    {
        var items = new T[reader.ReadInt32()];
        for (var i = 0; i < items.Length; i++)
            items[i] = read();
        return items;
    }

    private static void WriteList<T>(BinaryWriter writer, IReadOnlyList<T> items, Action<T> write)
    {
        writer.Write(items.Count);
        foreach (var item in items)
            write(item);
    }
}
