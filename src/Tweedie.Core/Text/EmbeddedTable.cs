using System.Globalization;
using System.Text;

namespace Tweedie.Text;

/// <summary>Reads the Unicode and HTML tables that the library carries: each line has a key and code points in hexadecimal.</summary>
/// <remarks>The library carries them because under invariant globalization the runtime neither decomposes characters nor knows all of HTML's entities.</remarks>
internal static class EmbeddedTable
{
    public static IEnumerable<(string Key, string Value)> Read(string name)
    {
        using var stream = typeof(EmbeddedTable).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The library lacks its table {name}.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
                continue;
            var fields = line.Split(' ');
            var value = new StringBuilder();
            foreach (var field in fields.AsSpan(1))
                value.Append(new Rune(int.Parse(field, NumberStyles.HexNumber)).ToString());
            yield return (fields[0], value.ToString());
        }
    }
}
