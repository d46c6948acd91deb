using System.Collections;
using System.Globalization;
using System.Text;

namespace Tweedie.Configuration;

/// <summary>Shows a user's input inside a one-line message.</summary>
internal static class Quote
{
    private const int MaxLength = 100;

    /// <summary>The text on one line, without control characters, cut where it is long.</summary>
    public static string OneLine(string text)
    {
        var line = new StringBuilder();
        foreach (var character in text.Length > MaxLength ? text[..MaxLength] : text)
            line.Append(char.IsControl(character) ? ' ' : character);
        return text.Length > MaxLength ? line.Append('…').ToString() : line.ToString();
    }

    /// <summary>What was written for an option: the value of a scalar, the kind of anything else.</summary>
    public static string Node(ConfigNode node) => node switch
    {
        ConfigScalar { Quoted: true } scalar => $"\"{OneLine(scalar.Text)}\"",
        ConfigScalar { Text: "" } => "null",
        ConfigScalar scalar => OneLine(scalar.Text),
        ConfigList list => $"a list of {list.Items.Count}",
        _ => "a section",
    };

    /// <summary>The value of an option as a configuration would write it.</summary>
    public static string Value(object? value) => value switch
    {
        null => "null",
        string text => $"\"{OneLine(text)}\"",
        bool flag => flag ? "true" : "false",
        Enum name => OptionsContract.EnumName(name.ToString()),
        IEnumerable items => OneLine($"[{string.Join(", ", items.Cast<object?>().Select(Value))}]"),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => "a section",
    };
}
