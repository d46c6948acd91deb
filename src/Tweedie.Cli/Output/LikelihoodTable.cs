using Spectre.Console;
using Tweedie.Evaluation;
using Tweedie.Metrics;
using Tweedie.Models;
using Tweedie.Sampling;

namespace Tweedie.Cli.Output;

/// <summary>The likelihood of captions as a table, with what a reader should know of it.</summary>
internal static class LikelihoodTable
{
    /// <summary>What the captions lose, a sentence each.</summary>
    public static IEnumerable<string> Warnings(CaptionLikelihood measured, ImageCaptioner captioner)
    {
        var summary = measured.Summary;
        if (measured.Cut > 0)
            yield return $"{measured.Cut} of {summary.Items} captions are longer than a row of {captioner.Options.Tokens} tokens, so what is left of them is measured";
        if (measured.Unknown > 0)
            yield return $"{measured.Unknown} of {summary.Tokens} words are not in the vocabulary, so {captioner.Tokenizer.Token(captioner.Tokenizer.Special.Unknown!.Value)} is measured in their place";
    }

    /// <summary>The table.</summary>
    public static Table Create(CaptionLikelihood measured)
    {
        var summary = measured.Summary;
        var table = Screen.Table("images", "captions", "words", "-log p", "nats per caption", "nats per word", "bits per word", "nats on padding");
        table.AddRow($"{measured.Images}", $"{summary.Items}", $"{summary.Tokens}", summary.IsExact ? "exact" : "at most",
            WithError(summary.NatsPerItem, 1, "F2"), WithError(summary.NatsPerToken, 1, "F3"), Text("F3", summary.BitsPerToken), Text("F2", measured.NatsOnPadding));
        return table;
    }

    /// <summary>How the numbers are to be read, a sentence or two each.</summary>
    public static IEnumerable<string> Notes(CaptionLikelihood measured, LikelihoodOptions options, int length)
    {
        yield return $"A caption is its whole row of {length} tokens: words, end token and padding. Nats per word are the nats of the rows divided by their words, which include the end tokens.";
        yield return "± is the standard error over images.";
        if (measured.Summary.IsExact)
            yield break;
        var (start, path, end) = measured.MeanTerms;
        var sampling = (options.Steps is { } steps ? $"{steps} steps" : "ever more steps")
            + (options.LogSnrMin is { } lowest ? $" from log-SNR {Text("0.##", lowest)}" : "") + (options.LogSnrMax is { } highest ? $" up to log-SNR {Text("0.##", highest)}" : "");
        yield return $"The bound is that of sampling in {sampling}, estimated from {measured.Summary.Draws} noise levels per caption. "
            + $"Its terms in nats per caption: start {Text("F3", start)}, path {Text("F2", path)}, end {Text("F3", end)}.";
    }

    /// <summary>A ratio in another unit, with its standard error where it has one.</summary>
    public static string WithError(RatioOfSums ratio, double factor, string format) =>
        Text(format, factor * ratio.Value) + (ratio.StandardError is { } error ? $" ± {Text(format, factor * error)}" : "");

    private static string Text(string format, double value) => value.ToString(format, System.Globalization.CultureInfo.InvariantCulture);
}
