using System.Text;

namespace Tweedie.Text;

/// <summary>
/// The 256 printable characters that stand for bytes in byte-level BPE (Radford et al. 2019): visible Latin-1 characters stand for
/// themselves, the others follow from U+0100 on.
/// </summary>
internal static class ByteAlphabet
{
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, 256).OrderBy(value => !IsVisible(value)).Select(value => (byte)value)];

    private static readonly Dictionary<char, byte> ByteOf = Characters().Zip(Bytes).ToDictionary(pair => pair.First, pair => pair.Second);

    private static readonly Dictionary<byte, char> SymbolOf = ByteOf.ToDictionary(pair => pair.Value, pair => pair.Key);

    /// <summary>The characters in the order of their ids: the visible bytes, then the others.</summary>
    public static IEnumerable<char> Characters()
    {
        var next = '\u0100';
        foreach (var value in Bytes)
            yield return IsVisible(value) ? (char)value : next++;
    }

    /// <summary>The symbols of bytes.</summary>
    public static string Encode(IEnumerable<byte> bytes) => string.Concat(bytes.Select(value => SymbolOf[value]));

    /// <summary>The text that symbols spell; bytes that are not UTF-8 become U+FFFD.</summary>
    public static string Decode(IEnumerable<char> symbols) => Encoding.UTF8.GetString([.. symbols.Select(symbol => ByteOf[symbol])]);

    private static bool IsVisible(int value) => value is (>= '!' and <= '~') or (>= '¡' and <= '¬') or (>= '®' and <= 'ÿ');
}
