namespace Tweedie.Text;

/// <summary>Counts the code points of well-formed UTF-16.</summary>
internal static class CodePoints
{
    /// <summary>The number of code points.</summary>
    public static long Count(ReadOnlySpan<char> text)
    {
        var count = text.Length;
        while (text.IndexOfAnyInRange('\uDC00', '\uDFFF') is >= 0 and var index)
        {
            count--;
            text = text[(index + 1)..];
        }
        return count;
    }

    /// <summary>Where a code point begins, or the end of the text.</summary>
    public static int IndexOf(ReadOnlySpan<char> text, long number)
    {
        if (text.IndexOfAnyInRange('\uDC00', '\uDFFF') < 0)
            return (int)number;
        var index = 0;
        for (; number > 0; number--)
            index += char.IsHighSurrogate(text[index]) && index + 1 < text.Length ? 2 : 1;
        return index;
    }
}
