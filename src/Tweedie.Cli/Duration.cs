using System.Globalization;
using System.Text.RegularExpressions;

namespace Tweedie.Cli;

/// <summary>Durations as a user writes them: <c>90s</c>, <c>30m</c>, <c>8h</c>, <c>1d12h</c>.</summary>
internal static partial class Duration
{
    /// <summary>The duration; null if the text is not a duration, or if it is less than a second or more than 40 days.</summary>
    public static TimeSpan? Parse(string text)
    {
        if (text == "" || Form().Match(text) is not { Success: true } match)
            return null;
        var seconds = Number(match, "d") * 86_400 + Number(match, "h") * 3_600 + Number(match, "m") * 60 + Number(match, "s");
        return seconds is >= 1 and <= 40 * 86_400 ? TimeSpan.FromSeconds(seconds) : null;
    }

    private static double Number(Match match, string unit) =>
        double.TryParse(match.Groups[unit].ValueSpan, CultureInfo.InvariantCulture, out var number) ? number : 0;

    [GeneratedRegex(@"^(?:(?<d>\d+)d)?(?:(?<h>\d+)h)?(?:(?<m>\d+)m)?(?:(?<s>\d+)s)?\z")]
    private static partial Regex Form();
}
