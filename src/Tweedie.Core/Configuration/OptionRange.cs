using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Tweedie.Configuration;

/// <summary>Compares and describes the range of a numeric option.</summary>
internal static class OptionRange
{
    /// <summary>
    /// Whether the number lies in the range; NaN lies in no range. Numbers are compared as doubles: the attribute itself would first convert
    /// to the type of its bounds, which rounds 1.4 into [Range(0, 1)].
    /// </summary>
    public static bool Contains(RangeAttribute range, object number)
    {
        var (minimum, maximum, value) = (ToDouble(range.Minimum), ToDouble(range.Maximum), ToDouble(number));
        var isAbove = range.MinimumIsExclusive ? value > minimum : value >= minimum;
        var isBelow = range.MaximumIsExclusive ? value < maximum : value <= maximum;
        return isAbove && isBelow;
    }

    /// <summary>Whether a bound is the type's own, so that there is none.</summary>
    public static bool IsOpen(object bound) =>
        bound is int.MinValue or int.MaxValue || double.Abs(ToDouble(bound)) >= double.MaxValue;

    /// <summary>The range in words: "1 to 100000", "at least 0", "more than 0, less than 1".</summary>
    public static string Describe(RangeAttribute range)
    {
        var lower = range.MinimumIsExclusive ? $"more than {Show(range.Minimum)}" : $"at least {Show(range.Minimum)}";
        var upper = range.MaximumIsExclusive ? $"less than {Show(range.Maximum)}" : $"at most {Show(range.Maximum)}";
        return (IsOpen(range.Minimum), IsOpen(range.Maximum)) switch
        {
            (true, _) => upper,
            (_, true) => lower,
            _ when !range.MinimumIsExclusive && !range.MaximumIsExclusive => $"{Show(range.Minimum)} to {Show(range.Maximum)}",
            _ => $"{lower}, {upper}",
        };
    }

    private static double ToDouble(object number) => Convert.ToDouble(number, CultureInfo.InvariantCulture);

    private static string Show(object bound) => Convert.ToString(bound, CultureInfo.InvariantCulture)!;
}
