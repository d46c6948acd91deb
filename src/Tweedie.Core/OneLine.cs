using System.Text;

namespace Tweedie;

/// <summary>Makes foreign text fit into a one-line message.</summary>
public static class OneLine
{
    private const int MaxLength = 100;

    /// <summary>The text without control characters or line breaks, cut after 100 characters.</summary>
    public static string Of(string text)
    {
        var line = new StringBuilder();
        foreach (var character in text.Length > MaxLength ? text[..MaxLength] : text)
            line.Append(char.IsControl(character) || character is '\u2028' or '\u2029' ? ' ' : character);
        return text.Length > MaxLength ? line.Append('…').ToString() : line.ToString();
    }
}
