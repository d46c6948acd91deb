using Spectre.Console;
using Tweedie.Cli.Output;
using Tweedie.Evaluation;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Platform;
using Tweedie.Sampling;
using Tweedie.Text;
using Tweedie.Tokens;
using static TorchSharp.torch;

namespace Tweedie.Cli.Commands;

/// <summary><c>tweedie likelihood</c> of a text or of rows.</summary>
internal static class GeneratorLikelihood
{
    /// <summary>What was typed.</summary>
    public sealed record Asked(string Model, string Data, DataSplit Split, int? Limit, TextOptions.Typed Text, Device Device, Precision Precision);

    /// <summary>Measures, prints and writes the result.</summary>
    public static int Run(Asked asked, LikelihoodOptions options, string? json, CancellationToken cancellation)
    {
        var isText = ModelFolder.ReadKind(asked.Model) == ModelFolder.TextGenerator;
        using var text = isText ? TextGenerator.Load(asked.Model, asked.Device, asked.Precision) : null;
        using var table = isText ? null : RowGenerator.Load(asked.Model, asked.Device, asked.Precision);
        var model = text?.Model ?? table!.Model;
        _ = model.Process.Bound(options); // refuses what the model cannot do before the text is read
        using var encoded = text is null ? null : Encode(text, asked, cancellation);
        ITokenRowSource rows = encoded is null ? TokenTables.Open(asked.Data, TextSources.SplitOf(asked.Data, asked.Split), new TokenTableOptions { Vocabulary = table!.Columns }, cancellation)
            : TokenWindows.Consecutive(encoded, text!.Options.Tokens);
        var console = Screen.Create(json);
        foreach (var warning in rows.Warnings)
            console.WriteLine($"warning: {warning}");
        using var line = new LiveLine(Screen.TerminalFor(json));
        var count = Math.Min(asked.Limit ?? rows.Count, rows.Count);
        var summary = RowLikelihood.Measure(model, rows, count, options, new Progress(done => line.Write($"{done:N0} of {count:N0} {(isText ? "windows" : "rows")} measured")), cancellation).Summary();
        line.Clear();
        var perCharacter = encoded is null ? (double?)null : (double)encoded.Length / encoded.Characters / Math.Log(2);
        Print(console, summary, isText ? "windows" : "rows", perCharacter, options);
        JsonOutput.Write(json, new
        {
            Task = "likelihood",
            Samples = summary.Items,
            Origin = ResultOrigin.Of(asked.Model, asked.Precision, asked.Device, ResultOrigin.DataOrigin.Of(asked.Data, rows.Name, images: null, asked.Split)),
            Settings = options,
            rows.Warnings,
            Result = new
            {
                summary.IsExact,
                Rows = summary.Items,
                summary.Tokens,
                summary.NatsPerToken,
                summary.BitsPerToken,
                BitsPerCharacter = perCharacter * summary.NatsPerToken.Value,
                BitsPerCharacterError = perCharacter * summary.NatsPerToken.StandardError,
                summary.Draws,
            },
        });
        return ExitCodes.Success;
    }

    private static EncodedText Encode(TextGenerator generator, Asked asked, CancellationToken cancellation)
    {
        var source = TextSources.Open(asked.Data, TextSources.SplitOf(asked.Data, asked.Split), asked.Text.Reading, cancellation);
        return EncodedText.Open(asked.Text.Holdout is { } share ? TextHoldout.Split(source, share, cancellation).Held : source, generator.Tokenizer, cancellation: cancellation);
    }

    private static void Print(IAnsiConsole console, LikelihoodSummary summary, string rows, double? perCharacter, LikelihoodOptions options)
    {
        string[] columns = [rows, "tokens", "-log p", "nats per token", "bits per token"];
        var table = Screen.Table(perCharacter is null ? columns : [.. columns, "bits per character"]);
        string[] cells = [$"{summary.Items}", $"{summary.Tokens}", summary.IsExact ? "exact" : "at most", LikelihoodTable.WithError(summary.NatsPerToken, 1, "F4"), LikelihoodTable.WithError(summary.NatsPerToken, 1 / Math.Log(2), "F4")];
        table.AddRow(perCharacter is { } factor ? [.. cells, LikelihoodTable.WithError(summary.NatsPerToken, factor, "F4")] : cells);
        console.Show(table);
        console.WriteLine($"± is the standard error over {rows}, which stand side by side and are taken as independent.");
        if (!summary.IsExact)
            console.WriteLine($"The bound is that of sampling in {(options.Steps is { } steps ? $"{steps} steps" : "ever more steps")}, estimated from {summary.Draws} noise levels per row.");
    }

    private sealed class Progress(Action<int> report) : IProgress<int>
    {
        public void Report(int value) => report(value);
    }
}
