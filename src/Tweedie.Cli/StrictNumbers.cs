using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Tweedie.Cli;

/// <summary>
/// Numbers of options: a decimal point, no separators of thousands, whatever the system's language. The parser's own conversion would read 1,5 as 15.
/// </summary>
internal static class StrictNumbers
{
    /// <summary>Reads a whole number.</summary>
    public static long? Whole(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <summary>Reads a finite number.</summary>
    public static double? Decimal(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    /// <summary>Lets all numeric options of a command and its subcommands read numbers strictly.</summary>
    public static void Use(Command command)
    {
        foreach (var option in command.Options)
            Use(option);
        foreach (var subcommand in command.Subcommands)
            Use(subcommand);
    }

    private static void Use(Option option)
    {
        switch (option)
        {
            case Option<int> number: number.CustomParser ??= result => (int)ReadWhole(result, option, int.MaxValue); break;
            case Option<int?> number: number.CustomParser ??= result => (int)ReadWhole(result, option, int.MaxValue); break;
            case Option<long> number: number.CustomParser ??= result => ReadWhole(result, option, long.MaxValue); break;
            case Option<long?> number: number.CustomParser ??= result => ReadWhole(result, option, long.MaxValue); break;
            case Option<double> number: number.CustomParser ??= result => ReadDecimal(result, option); break;
            case Option<double?> number: number.CustomParser ??= result => ReadDecimal(result, option); break;
        }
    }

    private static long ReadWhole(ArgumentResult result, Option option, long largest)
    {
        var text = result.Tokens[^1].Value;
        if (Whole(text) is { } value && value <= largest && value >= -largest)
            return value;
        result.AddError($"{option.Name}: '{OneLine.Of(text)}' is not a whole number" + (Whole(text) is null ? "." : $" from {-largest} to {largest}."));
        return 0;
    }

    private static double ReadDecimal(ArgumentResult result, Option option)
    {
        var text = result.Tokens[^1].Value;
        if (Decimal(text) is { } value)
            return value;
        result.AddError($"{option.Name}: '{OneLine.Of(text)}' is not a number" + (text.Contains(',') ? "; write decimals with a point, such as 1.5." : "; give one such as 1.5."));
        return 0;
    }
}
