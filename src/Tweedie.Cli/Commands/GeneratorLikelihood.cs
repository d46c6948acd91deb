using Spectre.Console;
using Tweedie.Cli.Output;
using Tweedie.Evaluation;
using Tweedie.Models;
using Tweedie.Sampling;

namespace Tweedie.Cli.Commands;

/// <summary><c>tweedie likelihood</c> of a text or of rows.</summary>
internal static class GeneratorLikelihood
{
    /// <summary>Measures, prints and writes the result.</summary>
    /// <param name="asked">The model and the data.</param>
    /// <param name="limit">The most windows or rows, spread evenly over all; null takes all.</param>
    /// <param name="options">How the likelihood is estimated.</param>
    /// <param name="json">Where the JSON goes, if it is wanted.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static int Run(MeasuredRows.Asked asked, int? limit, LikelihoodOptions options, string? json, CancellationToken cancellation)
    {
        using var opened = new MeasuredRows(asked, model => model.Process.Bound(options), cancellation);
        var console = Screen.Create(json);
        foreach (var warning in opened.Rows.Warnings)
            console.WriteLine($"warning: {warning}");
        var summary = Measure(opened, limit, options, Screen.TerminalFor(json), cancellation);
        Print(console, summary, opened);
        console.WriteLine($"± is the standard error over {opened.Words}, which stand side by side and are taken as independent.");
        if (!summary.IsExact)
            console.WriteLine($"The bound is that of sampling in {(options.Steps is { } steps ? $"{steps} steps" : "ever more steps")}, estimated from {summary.Draws} noise levels per row.");
        JsonOutput.Write(json, new
        {
            Task = "likelihood",
            Samples = summary.Items,
            Origin = asked.Origin(opened.Rows.Name),
            Settings = options,
            opened.Rows.Warnings,
            Result = Result(summary, opened),
        });
        return ExitCodes.Success;
    }

    /// <summary>Measures rows, with a line that shows how far it is.</summary>
    public static LikelihoodSummary Measure(MeasuredRows opened, int? limit, LikelihoodOptions options, Terminal terminal, CancellationToken cancellation)
    {
        using var line = new LiveLine(terminal);
        var count = Math.Min(limit ?? opened.Rows.Count, opened.Rows.Count);
        return RowLikelihood.Measure(opened.Model, opened.Rows, count, options, new Progress(done => line.Write($"{done:N0} of {count:N0} {opened.Words} measured")), cancellation).Summary();
    }

    /// <summary>Prints the likelihood as a table.</summary>
    public static void Print(IAnsiConsole console, LikelihoodSummary summary, MeasuredRows opened)
    {
        string[] columns = [opened.Words, "tokens", "-log p", "nats per token", "bits per token"];
        var table = Screen.Table(opened.PerCharacter is null ? columns : [.. columns, "bits per character"]);
        string[] cells = [$"{summary.Items}", $"{summary.Tokens}", summary.IsExact ? "exact" : "at most", LikelihoodTable.WithError(summary.NatsPerToken, 1, "F4"), LikelihoodTable.WithError(summary.NatsPerToken, 1 / Math.Log(2), "F4")];
        table.AddRow(opened.PerCharacter is { } factor ? [.. cells, LikelihoodTable.WithError(summary.NatsPerToken, factor, "F4")] : cells);
        console.Show(table);
    }

    /// <summary>The likelihood for programs.</summary>
    public static object Result(LikelihoodSummary summary, MeasuredRows opened) => new
    {
        summary.IsExact,
        Rows = summary.Items,
        summary.Tokens,
        summary.NatsPerToken,
        summary.BitsPerToken,
        BitsPerCharacter = opened.PerCharacter * summary.NatsPerToken.Value,
        BitsPerCharacterError = opened.PerCharacter * summary.NatsPerToken.StandardError,
        summary.Draws,
    };

    private sealed class Progress(Action<int> report) : IProgress<int>
    {
        public void Report(int value) => report(value);
    }
}
