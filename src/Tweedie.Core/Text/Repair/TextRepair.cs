using System.Collections.Frozen;
using System.Text;
using System.Text.RegularExpressions;

namespace Tweedie.Text;

/// <summary>
/// Repairs text as ftfy 6.3 does with its default settings (R. Speer, https://github.com/rspeer/python-ftfy), line by line and until nothing changes: HTML
/// entities, text in a wrong encoding (<see cref="Mojibake"/>), ligatures, full-width forms, curly quotes, line breaks, terminal escapes, control characters
/// and normalization form C. <c>docs/texts.md</c> lists what differs.
/// </summary>
internal static partial class TextRepair
{
    /// <summary>Longer lines keep their encoding.</summary>
    private const int LongestLine = 1_000_000;

    /// <summary>Latin letters in one character, and those that it is made of.</summary>
    private const string Ligatures = "Ĳ=IJ ĳ=ij ŉ=ʼn Ǆ=DŽ ǅ=Dž ǆ=dž Ǉ=LJ ǈ=Lj ǉ=lj Ǌ=NJ ǋ=Nj ǌ=nj Ǳ=DZ ǲ=Dz ǳ=dz ﬀ=ff ﬁ=fi ﬂ=fl ﬃ=ffi ﬄ=ffl ﬅ=ſt ﬆ=st";

    /// <summary>What replaces one character: ligatures, full-width and half-width forms, and curly quotes.</summary>
    private static readonly FrozenDictionary<char, string> Replacements = Ligatures.Split(' ').Select(pair => KeyValuePair.Create(pair[0], pair[2..]))
        .Concat(EmbeddedTable.Read("Widths.txt").Select(line => KeyValuePair.Create((char)Convert.ToInt32(line.Key, 16), line.Value)))
        .Concat("ʼ‘’‚‛".Select(quote => KeyValuePair.Create(quote, "'")))
        .Concat("“”„‟".Select(quote => KeyValuePair.Create(quote, "\"")))
        .ToFrozenDictionary();

    /// <summary>The repaired text. The text must be well-formed UTF-16.</summary>
    public static string Of(string text)
    {
        var output = new StringBuilder(text.Length);
        var hasTags = false; // from the first line with a bracket on, entities may be meant
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start) is >= 0 and var found ? found + 1 : text.Length;
            var line = text[start..end];
            hasTags |= line.Contains('<');
            output.Append(Line(line, !hasTags));
            start = end;
        }
        return output.ToString();
    }

    private static string Line(string line, bool decodeEntities)
    {
        if (line.All(character => character is >= ' ' and <= '~' and not '&'))
            return line;
        for (string? before = null; line != before;)
        {
            before = line;
            if (decodeEntities && !line.Contains('<'))
                line = HtmlEntities.DecodeWhole(line);
            if (line.Length <= LongestLine)
                line = Mojibake.Repair(line);
            line = SingleByte.ReadControls(line);
            line = Replace(line);
            line = LineBreak().Replace(line, "\n");
            line = TerminalEscape().Replace(line, "");
            line = Control().Replace(line, "");
            line = Composition.Of(line);
        }
        return line;
    }

    private static string Replace(string line)
    {
        if (!line.Any(Replacements.ContainsKey))
            return line;
        var output = new StringBuilder(line.Length);
        foreach (var character in line)
            _ = Replacements.TryGetValue(character, out var replacement) ? output.Append(replacement) : output.Append(character);
        return output.ToString();
    }

    [GeneratedRegex("\r\n|[\r\u2028\u2029\u0085]")]
    private static partial Regex LineBreak();

    [GeneratedRegex("\u001B\\[[0-9;]*[a-zA-Z]")]
    private static partial Regex TerminalEscape();

    // Tab, line feed and form feed stay, and so do the marks of writing directions.
    [GeneratedRegex("[\0-\u0008\u000B\u000E-\u001F\u007F\u206A-\u206F\uFEFF\uFFF9-\uFFFC]")]
    private static partial Regex Control();
}
