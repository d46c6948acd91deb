using System.Globalization;
using System.Text;

namespace Tweedie.Text;

/// <summary>
/// The bytes of a text in UTF-8 as tokens: ids 0 to 255 are the bytes, and 256 ends a document. It can spell every text, and decoding gives the same text back.
/// </summary>
public sealed class ByteTokenizer : ITokenizer
{
    /// <summary>The vocabulary's file in a model's folder: one entry per line, which is the same for all models.</summary>
    public const string FileName = "bytes.txt";

    private const string End = "[END]";

    private static readonly string[] Entries = [.. Enumerable.Range(0, 256).Select(Entry), End];

    /// <inheritdoc/>
    public int VocabularySize => Entries.Length;

    /// <summary>The end-of-document token, which is padding too.</summary>
    public SpecialTokens Special { get; } = new(Padding: 256, End: 256);

    /// <summary>Checks <c>bytes.txt</c> in a folder.</summary>
    /// <exception cref="TweedieException">The file is missing, or another one.</exception>
    public static ByteTokenizer Load(string folder)
    {
        var path = Path.Combine(folder, FileName);
        var lines = VocabularyFile.ReadLines(path);
        var wrong = Enumerable.Range(0, Math.Max(lines.Count, Entries.Length)).Where(id => lines.ElementAtOrDefault(id) != Entries.ElementAtOrDefault(id)).ToArray();
        return wrong.Length == 0 ? new ByteTokenizer() : throw new TweedieException(
            $"{path}, line {wrong[0] + 1}: is not {Entries.ElementAtOrDefault(wrong[0]) ?? "the end of the file"}; the entries are always the 256 bytes and {End}.");
    }

    /// <inheritdoc/>
    public int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Array.ConvertAll(Encoding.UTF8.GetBytes(text), value => (int)value);
    }

    /// <summary>The text of ids; bytes that are not UTF-8 become U+FFFD.</summary>
    /// <inheritdoc/>
    public string Decode(IReadOnlyList<int> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return Encoding.UTF8.GetString([.. ids.SelectMany(id => id == Special.End ? Encoding.ASCII.GetBytes(End) : [Checked(id)])]);
    }

    /// <summary>A visible ASCII character as itself, any other byte as <c>&lt;0x0A&gt;</c>, or <c>[END]</c>.</summary>
    /// <inheritdoc/>
    public string Token(int id) => id == Special.End ? End : Entries[Checked(id)];

    /// <inheritdoc/>
    public void Save(string folder) => VocabularyFile.Write(folder, FileName, Entries);

    private static byte Checked(int id)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(id, byte.MaxValue);
        return (byte)id;
    }

    private static string Entry(int value) => value is > ' ' and <= '~' ? ((char)value).ToString() : string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>");
}
