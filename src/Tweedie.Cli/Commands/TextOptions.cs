using System.CommandLine;
using Tweedie.Text;

namespace Tweedie.Cli.Commands;

/// <summary>The options that say how a text is read and which part of it.</summary>
internal sealed class TextOptions
{
    private readonly Option<double> _holdout = new("--holdout") { Description = "For a text: measure only this share at its end, such as the 0.1 that a training holds out", HelpName = "X" };
    private readonly Option<string> _encoding = new("--encoding") { Description = "For a text: its encoding, such as utf-8 or latin1", DefaultValueFactory = _ => new TextSourceOptions().Encoding, HelpName = "NAME" };
    private readonly Option<string?> _field = new("--field") { Description = "For a text: the field of JSON lines or the column of Parquet files that holds it; by default it is found by its name", HelpName = "NAME" };

    public TextOptions() => _holdout.Validators.Add(result =>
    {
        if (result.Tokens is [.., var token] && StrictNumbers.Decimal(token.Value) is { } share && share is <= 0 or >= 1)
            result.AddError(FormattableString.Invariant($"--holdout = {share}: must be above 0 and below 1."));
    });

    /// <summary>All of them.</summary>
    public Option[] All => [_holdout, _encoding, _field];

    /// <summary>What was typed.</summary>
    public Typed Read(ParseResult parsed) => new(parsed.GivenOrNull(_holdout), new() { Encoding = parsed.GetRequiredValue(_encoding), Field = parsed.GetValue(_field) });

    /// <summary>What was typed.</summary>
    internal sealed record Typed(double? Holdout, TextSourceOptions Reading);
}
