using System.CommandLine;
using Spectre.Console;
using Tweedie.Cli.Output;
using Tweedie.Evaluation;
using Tweedie.Experiments.Comparisons;
using Tweedie.Models;
using Tweedie.Sampling;

namespace Tweedie.Cli.Commands;

/// <summary><c>tweedie compare</c>.</summary>
internal static class CompareCommand
{
    private const int CaptionBatch = 100;
    private const int LabelBatch = 500;

    public static Command Create()
    {
        var models = new Option<string[]>("--model")
        {
            Description = "A model: its folder, that of a training, or a checkpoint; give two or more, each after its own --model",
            Required = true,
            HelpName = "DIR",
        };
        var data = new Option<string>("--data") { Description = "A data file or folder; if a folder has splits, its test split is used, or the one that --split names", Required = true, HelpName = "FILE-OR-FOLDER" };
        var steps = new Option<int?>("--steps") { Description = "Sampling steps of all models, except of autoregressive ones, which have one per token; by default each model's own", HelpName = "N" }.AtLeast(1);
        var guidance = new Option<double?>("--guidance") { Description = "Guidance scale of all models; by default each model's own", HelpName = "X" };
        var decode = new Option<DecodeKind?>("--decode")
        {
            Description = "last or consensus; by default each model's own",
            HelpName = "NAME",
            CustomParser = result =>
            {
                if (CommonOptions.Name<DecodeKind>(result.Tokens[0].Value) is { } kind)
                    return kind;
                result.AddError($"--decode: '{result.Tokens[0].Value}' is not valid; use last, consensus.");
                return null;
            },
        };
        var limit = new Option<int?>("--limit") { Description = "Compare on N images only, spread evenly over the data", HelpName = "N" }.AtLeast(1);
        var batch = new Option<int?>("--batch-size") { Description = "Images per batch; by default 500, and 100 for captions", HelpName = "N" }.AtLeast(1);
        var split = CommonOptions.Split(DataSplit.Test, "Where the data have splits");
        var cache = MeasuredImages.CacheOption();
        var columns = new ColumnOptions();
        var (seed, json, compute, precision) = (CommonOptions.Seed(), CommonOptions.Json(), new ComputeOptions(), CommonOptions.Precision());
        var command = new Command("compare",
            "Compare two or more models on the same images: their scores, and for each pair the difference, its 95 % interval and a paired test.\n"
            + "Example: tweedie compare --model runs/cifar10 --model runs/cifar10-linear --data DATA")
        { models, data, split, steps, guidance, decode, limit, batch, cache, columns.Image, columns.Label, columns.Caption, seed, json, compute.Device, compute.Threads, precision };
        command.Validators.Add(result =>
        {
            if (result.GetResult(models) is { Tokens.Count: 1 })
                result.AddError("--model: one model cannot be compared; give two or more, each after its own --model.");
        });
        command.SetAction((parsed, cancellation) =>
        {
            var folders = parsed.GetRequiredValue(models);
            JsonOutput.Check(parsed.GetValue(json));
            var kind = CheckAlike(folders);
            parsed.Refuse(folders[0], kind, kind == ModelFolder.Captioner ? columns.Label : columns.Caption);
            if (kind == ModelFolder.Classifier && folders.All(folder => ImageClassifier.ReadOptions(folder).HasHead))
                parsed.RefuseIfLinear(folders[0], steps, guidance, decode, seed);
            if (folders.All(ModelOptions.IsAutoregressive))
                parsed.Refuse(folders[0], "captioner of method ar", steps);
            var device = compute.Open(parsed);
            var settings = new EvaluationSettings
            {
                Steps = parsed.GetValue(steps) is { } count ? [count] : null,
                Guidance = parsed.GetValue(guidance) is { } scale ? [scale] : null,
                Seed = parsed.GetValue(seed),
                BatchSize = parsed.GetValue(batch) ?? (kind == ModelFolder.Captioner ? CaptionBatch : LabelBatch),
            };
            var precise = parsed.GetValue(precision).WarnIfSlow(device);
            Configuration.OptionsValidator.ValidateMembers(settings, "compare");
            using var line = new LiveLine(Screen.TerminalFor(parsed.GetValue(json)));
            var measured = folders.Select(folder => ComparedModel.Measure(
                folder, parsed.GetRequiredValue(data), parsed.GetValue(split), parsed.GetValue(limit), settings, parsed.GetValue(decode), device, precise, columns.Read(parsed), parsed.GetValue(cache), line, cancellation)).ToList();
            line.Clear();
            var origin = new ResultOrigin(null, ResultOrigin.DataOrigin.Of(parsed.GetRequiredValue(data), measured[0].Source, measured[0].Items, parsed.GetValue(split)), precise, device.ToString());
            return Task.FromResult(Show(measured, origin, settings, parsed.GetValue(json)));
        });
        return command;
    }

    /// <summary>Refuses models that cannot be compared, before the first is loaded.</summary>
    /// <returns>The kind of all of them.</returns>
    private static string CheckAlike(string[] folders)
    {
        var (first, kind) = (folders[0], ModelFolder.ReadKind(folders[0]));
        if (kind is not (ModelFolder.Classifier or ModelFolder.Captioner))
            throw new TweedieException($"--model {first}: holds a model of kind {kind}, and compare measures classifiers and captioners; measure it by 'tweedie eval'.", FaultKind.Model);
        foreach (var other in folders[1..])
        {
            if (ModelFolder.ReadKind(other) is var another && another != kind)
                throw new TweedieException($"--model {other}: is a {another}, but {first} is a {kind}; compare models of one kind.");
            if (kind == ModelFolder.Classifier)
                CheckClasses(first, ImageClassifier.ReadOptions(first).ClassNames, other, ImageClassifier.ReadOptions(other).ClassNames);
        }
        return kind;
    }

    private static void CheckClasses(string first, IReadOnlyList<string> names, string other, IReadOnlyList<string> others)
    {
        if (names.Count != others.Count)
            throw new TweedieException($"--model {other}: has {others.Count} classes, but {first} has {names.Count}; compare models of the same classes.");
        var differs = Enumerable.Range(0, names.Count).FirstOrDefault(label => names[label] != others[label], -1);
        if (differs >= 0)
            throw new TweedieException($"--model {other}: its class {differs} is {OneLine.Of(others[differs])}, but that of {first} is {OneLine.Of(names[differs])}; compare models of the same classes in the same order.");
    }

    private static int Show(List<ComparedModel> models, ResultOrigin origin, EvaluationSettings settings, string? json)
    {
        var console = Screen.Create(json);
        var comparisons = PairedComparison.OfAll([.. models.Select(model => model.ByItem)]);
        foreach (var warning in models.SelectMany(model => model.Warnings).Distinct())
            console.WriteLine($"warning: {warning}");
        console.WriteLine($"{models[0].Items:N0} images of {models[0].Source}");
        console.Show(ComparisonTables.Scores(models));
        console.Show(ComparisonTables.Differences(comparisons));
        foreach (var note in ComparisonTables.Notes(comparisons))
            console.WriteLine(note);
        JsonOutput.Write(json, new
        {
            models[0].Task,
            Samples = models[0].Items,
            Origin = origin,
            settings.Seed,
            Warnings = models.SelectMany(model => model.Warnings).Distinct(),
            Models = models.Select(model => new { Model = model.Name, model.Origin, model.Sampling, model.Decode, Scores = model.Values, model.Seconds }),
            Comparisons = comparisons.Select(entry => new
            {
                First = models[entry.First].Name,
                Second = models[entry.Second].Name,
                entry.Metric,
                entry.Difference,
                entry.Interval,
                entry.PValue,
                entry.Test,
            }),
        });
        return ExitCodes.Success;
    }
}
