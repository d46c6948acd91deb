using System.CommandLine;
using Spectre.Console;
using Tweedie.Cli.Output;
using Tweedie.Configuration;
using Tweedie.Metrics;
using Tweedie.Models;
using Tweedie.Sampling;
using Tweedie.Training;

namespace Tweedie.Cli.Commands;

/// <summary><c>tweedie info</c>.</summary>
internal static class InfoCommand
{
    private const int ScheduleRows = 11;

    public static Command Create()
    {
        var model = new Option<string?>("--model") { Description = "A model: its folder, that of a training, or a checkpoint", HelpName = "DIR" };
        var config = new Option<string?>("--config") { Description = "A run's config", HelpName = "FILE" };
        var classes = new Option<int?>("--classes") { Description = "Number of classes or vocabulary entries, for a config whose data are not available", HelpName = "K" }.AtLeast(2);
        var json = CommonOptions.Json();
        var command = new Command("info",
            "Show the size and cost of a model, and what its noise schedule tells about the label.\nExample: tweedie info --config configs/imagenet-vit-b16.yaml --classes 1000")
        { model, config, classes, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(model) is null == result.GetValue(config) is null)
                result.AddError("Give either --model or --config.");
            if (result.GetValue(model) is not null && result.GetResult(classes) is { Implicit: false })
                result.AddError("--classes: a model knows its number of classes; give it with --config only.");
        });
        command.SetAction(parsed => Run(parsed.GetValue(model), parsed.GetValue(config), parsed.GetValue(classes), parsed.GetValue(json)));
        return command;
    }

    private static int Run(string? model, string? config, int? classes, string? json)
    {
        var described = model is not null ? ModelDescription.OfFolder(model) : OfConfig(config!, classes);
        var (parts, schedule) = (described.Parts, described.Diffusion is { } diffusion ? Diagnose(diffusion, described.Classes) : null);
        var console = Screen.Create(json);
        var card = model is null ? null : ModelCard.Read(model);
        Print(console, described, card, schedule);
        ComputeOptions.UseThreads(null); // as in all commands, because the output names the host's number of threads
        JsonOutput.Write(json, new
        {
            described.Method,
            described.Classes,
            Parameters = parts.Sum(part => part.Parameters),
            Parts = parts,
            WeightBytes = 4 * parts.Sum(part => part.Parameters),
            Schedule = schedule,
            Card = card,
            Origin = json is null ? null : new ResultOrigin(model is null ? null : ResultOrigin.ModelOrigin.Of(model), null, null, null),
        });
        return ExitCodes.Success;
    }

    private static ModelDescription OfConfig(string path, int? classes)
    {
        var document = ConfigDocument.Load(path);
        var config = RunConfig.From(document);
        foreach (var warning in document.PathWarnings)
            Console.Error.WriteLine($"warning: {warning}");
        try
        {
            return document.ExplainPaths(() => ModelDescription.OfConfig(config, classes));
        }
        catch (TweedieException error) when (classes is null) // the data are opened only for the number of classes
        {
            throw new TweedieException($"{error.Message.TrimEnd('.')}; without the data, give --classes K.", error);
        }
    }

    private static List<ScheduleRow> Diagnose(DiffusionOptions diffusion, int classes)
    {
        var schedule = NoiseSchedule.Create(diffusion);
        return [.. Enumerable.Range(0, ScheduleRows)
            .Select(i => (int)Math.Round((schedule.Timesteps - 1) * (double)i / (ScheduleRows - 1)))
            .Select(t => new ScheduleRow(t, schedule.AlphaBar[t], schedule.LogSnr(t),
                ScheduleDiagnostics.ProbabilityArgmaxIsClean(schedule.AlphaBar[t], classes, diffusion.Scale)))];
    }

    private static void Print(IAnsiConsole console, ModelDescription model, ModelCard? card, List<ScheduleRow>? schedule)
    {
        var parts = model.Parts;
        console.WriteLine(model.Title);
        var table = Screen.Table("part", "parameters", "multiply-adds per image", "and per step");
        foreach (var part in parts)
            table.AddRow(part.Name, $"{part.Parameters:N0}", $"{part.PerImage:N0}", $"{part.PerStep:N0}");
        table.AddRow("total", $"{parts.Sum(part => part.Parameters):N0}", $"{parts.Sum(part => part.PerImage):N0}", $"{parts.Sum(part => part.PerStep):N0}");
        console.Show(table);
        console.WriteLine(FormattableString.Invariant($"weights {4e-6 * parts.Sum(part => part.Parameters):F1} MB in float32; training holds 5 such copies (weights, gradients, two moments, average)"));
        if (card is not null)
            Print(console, card);
        if (schedule is null)
            return;
        console.WriteLine($"\n{model.Diffusion!.Schedule.ToString().ToLowerInvariant()} schedule: what y_t alone tells about y0 among {model.Classes} entries");
        var rows = Screen.Table("t", "alpha-bar", "log-SNR", "P(argmax y_t = y0)");
        foreach (var row in schedule)
            rows.AddRow($"{row.T}", FormattableString.Invariant($"{row.AlphaBar:G5}"), FormattableString.Invariant($"{row.LogSnr:F2}"), Screen.Percent(row.ArgmaxIsClean));
        console.Show(rows);
    }

    private static void Print(IAnsiConsole console, ModelCard card)
    {
        if (card.Data is { } data)
            console.WriteLine(FormattableString.Invariant($"\ntrained on {data.Items:N0} {data.Unit} of {data.Train}") + (data.License is { } license ? $", licence {license}" : ""));
        if (card.Training is { } training)
            console.WriteLine(FormattableString.Invariant($"{training.Steps:N0} steps in {Screen.Duration(TimeSpan.FromSeconds(training.Seconds))}, seed {training.Seed}, {training.Date}"));
        if (card.Scores.Count == 0)
            return;
        console.WriteLine(card.Data?.Held is { } held ? FormattableString.Invariant($"measured on {card.Data.HeldItems:N0} {card.Data.Unit} of {held}:") : "measured on held-out data:");
        var table = Screen.Table("metric", "value");
        foreach (var (name, value) in card.Scores)
            table.AddRow(name, value is { } number ? MetricInfo.Show(name, number) : "not a number");
        console.Show(table);
    }

    private sealed record ScheduleRow(int T, double AlphaBar, double LogSnr, double ArgmaxIsClean);
}
