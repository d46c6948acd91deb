using System.Text;

namespace Tweedie.Text;

/// <summary>The texts of files, each of which is one document, in the order given. Files whose names end in <c>.gz</c> are decompressed. Line ends stay as they are.</summary>
public sealed class TextFileSource : ITextSource
{
    private readonly IReadOnlyList<string> _paths;
    private readonly Encoding _encoding;

    /// <summary>Names the files, none of which is read yet.</summary>
    /// <param name="name">What the user calls the text.</param>
    /// <param name="paths">The files, in order.</param>
    /// <param name="options">How they are read.</param>
    /// <exception cref="TweedieException">A file does not exist, all files are empty, or the encoding is not known.</exception>
    public TextFileSource(string name, IReadOnlyList<string> paths, TextSourceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        options ??= new TextSourceOptions();
        (Name, _paths, _encoding) = (name, paths, TextEncodings.Find(options.Encoding));
        Stamp = string.Join('\n', [options.Encoding, .. paths.Select(TextBytes.Stamp)]);
        var empty = paths.Where(path => new FileInfo(path).Length == 0).ToArray();
        if (empty.Length == paths.Count)
            throw new TweedieException(empty.Length == 1 ? $"{empty[0]}: is empty; give a file with text." : $"{name}: all of its {paths.Count} files are empty; give files with text.");
        if (empty.Length > 0)
            Warnings = [$"{name}: {empty.Length} of {paths.Count} files {(empty.Length == 1 ? "is" : "are")} empty, such as {empty[0]}."];
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string? Stamp { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings { get; } = [];

    /// <inheritdoc/>
    public IEnumerable<TextChunk> Read(CancellationToken cancellation = default)
    {
        var bytes = new byte[TextBytes.BlockLength];
        var characters = new char[TextBytes.BlockLength + 2]; // a character that is half read may come before a block
        foreach (var path in _paths)
        {
            using var stream = TextBytes.Open(path);
            Decoder? decoder = null;
            var offset = 0L;
            for (var isLast = false; !isLast;)
            {
                cancellation.ThrowIfCancellationRequested();
                var count = TextBytes.Fill(path, stream, bytes, 0);
                isLast = count < bytes.Length;
                var mark = 0;
                if (decoder is null)
                {
                    (var encoding, mark) = TextEncodings.Detect(bytes.AsSpan(0, Math.Min(count, TextEncodings.LongestMark)), _encoding);
                    decoder = encoding.GetDecoder();
                }
                yield return new TextChunk(characters.AsMemory(0, Decode(path, decoder, bytes.AsSpan(mark, count - mark), characters, offset + mark, isLast)), isLast, path);
                offset += count;
            }
        }
    }

    private static int Decode(string path, Decoder decoder, ReadOnlySpan<byte> bytes, char[] characters, long offset, bool isLast)
    {
        try
        {
            return decoder.GetChars(bytes, characters, isLast);
        }
        catch (DecoderFallbackException error)
        {
            var place = offset + error.Index;
            var wrong = string.Join(' ', (error.BytesUnknown ?? []).Select(value => $"{value:X2}"));
            throw TweedieException.Naming(
                $"{path}: the bytes {wrong} at offset {place} are no text in the file's encoding; mend the file, or name another encoding, as {new OptionName("Encoding", "Encoding = latin1")}.", error);
        }
    }
}
