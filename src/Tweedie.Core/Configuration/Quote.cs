using System.Collections;
using System.Globalization;

namespace Tweedie.Configuration;

/// <summary>Shows a user's input inside a one-line message.</summary>
internal static class Quote
{
    /// <summary>What was written for an option: the value if it is a scalar, else the kind of the node.</summary>
    public static string Node(ConfigNode node) => node switch
    {
        ConfigScalar { Quoted: true } scalar => $"\"{OneLine.Of(scalar.Text)}\"",
        ConfigScalar { Text: "" } => "null",
        ConfigScalar scalar => OneLine.Of(scalar.Text),
        ConfigList list => $"a list of {list.Items.Count}",
        _ => "a section",
    };

    /// <summary>The value of an option as a configuration would write it.</summary>
    public static string Value(object? value) => value switch
    {
        null => "null",
        string text => $"\"{OneLine.Of(text)}\"",
        bool flag => flag ? "true" : "false",
        Enum name => OptionsContract.EnumName(name.ToString()),
        IEnumerable items => OneLine.Of($"[{string.Join(", ", items.Cast<object?>().Select(Value))}]"),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => "a section",
    };
}
