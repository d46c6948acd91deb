using System.CommandLine;
using Spectre.Console;
using Tweedie.Cli.Output;
using Tweedie.Configuration;
using Tweedie.Evaluation;
using Tweedie.Experiments.Report;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Sampling;

namespace Tweedie.Cli.Commands;

/// <summary><c>tweedie eval</c>.</summary>
internal static class EvalCommand
{
    private const int RowBatch = 100;

    public static Command Create()
    {
        var model = CommonOptions.Model();
        var data = new Option<string>("--data") { Description = "A data file or folder; if a folder has splits, its test split is used, or the one that --split names", Required = true, HelpName = "FILE-OR-FOLDER" };
        var steps = CommonOptions.List("--steps", "Numbers of sampling steps; an autoregressive captioner has one per token", CommonOptions.PositiveInteger, 1, 5, 20);
        var guidance = CommonOptions.List("--guidance", "Guidance scales, 0 or more", CommonOptions.Scale, 1.0);
        var toOne = CommonOptions.List("--to-one", "argmax, multinomial", CommonOptions.Name<ToOneKind>, ToOneKind.Argmax);
        var (temperature, topP) = (CommonOptions.Temperatures(), CommonOptions.TopPs());
        var beams = CommonOptions.List("--beams", "For an autoregressive captioner: captions that are followed at a time", CommonOptions.PositiveInteger, 1);
        var decode = CommonOptions.List("--decode", "last, consensus", CommonOptions.Name<DecodeKind>, DecodeKind.Last, DecodeKind.Consensus);
        var schedule = new Option<GuidanceSchedule>("--guidance-schedule") { Description = "constant, or linear from 1 to the scale", HelpName = "NAME" }.OneOf();
        var (choose, judge) = (CommonOptions.Choose(), CommonOptions.Judge());
        var control = new Option<bool>("--control") { Description = "Add the noise-only control: nothing is fed back between steps" };
        var draws = new Option<int>("--draws") { Description = "Independent draws: a classifier averages them, other models choose one of them (--choose)", DefaultValueFactory = _ => 1, HelpName = "N" }.AtLeast(1);
        var unmasking = new Option<UnmaskingKind>("--unmasking") { Description = "For a masked diffusion captioner: confidence or ancestral", HelpName = "NAME" }.OneOf();
        var results = new Option<string?>("--results") { Description = "For a captioner: write its captions as a COCO results file; allows only one setting", HelpName = "FILE" };
        var report = new Option<string?>("--report") { Description = "For a classifier: write accuracy by class, the confusion matrix and the reliability diagram into this folder, as pictures and CSV", HelpName = "DIR" };
        var limit = new Option<int?>("--limit") { Description = "Evaluate only N images or rows, spread evenly over the data", HelpName = "N" }.AtLeast(1);
        var batch = new Option<int>("--batch-size") { Description = "Images or rows per batch", DefaultValueFactory = _ => 500, HelpName = "N" }.AtLeast(1);
        var split = CommonOptions.Split(DataSplit.Test, "Where the data have splits");
        var cache = MeasuredImages.CacheOption();
        var count = new Option<int?>("--count") { Description = $"For a generator: texts or rows that are generated per setting; by default {GeneratorEvaluation.DefaultCount}", HelpName = "N" }.AtLeast(1);
        var gap = new Option<int?>("--gap") { Description = "For a text generator: in place of new texts, fill a gap of N tokens in the middle of each window of the data", HelpName = "N" }.AtLeast(1);
        var (columns, sampler, text) = (new ColumnOptions(), new SamplerOptions(), new TextOptions());
        var (seed, json, compute, precision) = (CommonOptions.Seed(), CommonOptions.Json(), new ComputeOptions(), CommonOptions.Precision());
        var command = new Command("eval",
            "Measure a classifier's or an annotator's accuracy, a captioner's scores, the puzzles that a generator solves, or the likelihood, quality and diversity of what it writes, for every combination of the sampling settings.\n"
            + "Each image is encoded once.\n"
            + "Example: tweedie eval --model runs/fashion-mnist/model --data DATA --steps 1,5,20 --guidance 1,1.5 --control")
        { model, data, split, steps, guidance, schedule, toOne, temperature, topP, beams, unmasking, decode, control, draws, choose, judge, results, report, limit, count, gap, batch, cache, columns.Image, columns.Label, columns.Caption, seed, json, compute.Device, compute.Threads, precision };
        sampler.AddTo(command);
        foreach (var option in text.All)
            command.Add(option);
        command.SetAction((parsed, cancellation) =>
        {
            var folder = parsed.GetRequiredValue(model);
            var kind = ModelFolder.ReadKind(folder);
            var isGenerator = kind is ModelFolder.TextGenerator or ModelFolder.RowGenerator;
            if (kind != ModelFolder.TextGenerator)
                parsed.Refuse(folder, kind, [gap, .. text.All]);
            if (isGenerator)
                parsed.Refuse(folder, kind, guidance, schedule, results, report, cache, columns.Image, columns.Label, columns.Caption);
            else
                parsed.Refuse(folder, kind, count);
            if (kind == ModelFolder.Captioner)
                parsed.Refuse(folder, kind, report, columns.Label);
            if ((kind == ModelFolder.Captioner || isGenerator) && parsed.GetValue(draws) > 1 && parsed.GetValue(choose) == CandidateChoice.None)
                throw new UsageException($"--draws {parsed.GetValue(draws)}: a {kind} has one answer per item; give --choose too, which chooses among the draws.");
            if (kind == ModelFolder.Classifier)
                parsed.Refuse(folder, kind, beams, unmasking, choose, results, columns.Caption);
            if (kind == ModelFolder.Annotator)
                parsed.Refuse(folder, kind, draws, choose, results, report, columns.Label, columns.Caption);
            parsed.RefuseIfLinear(folder, [steps, guidance, schedule, toOne, temperature, topP, decode, control, draws, seed, .. sampler.All]);
            if (kind != ModelFolder.Captioner)
                parsed.Refuse(folder, kind, judge);
            var hasOwn = kind == ModelFolder.Captioner && ImageCaptioner.ReadOptions(folder).Sampling is not null;
            var settings = new EvaluationSettings
            {
                Sampling = sampler.Read(parsed, new SamplingOptions { Choose = parsed.GetValue(choose) }),
                Steps = (isGenerator || kind == ModelFolder.Annotator || hasOwn || ModelOptions.IsAutoregressive(folder)) && !parsed.IsGiven(steps) ? null : parsed.GetRequiredValue(steps),
                Guidance = parsed.GivenOrNull(guidance),
                GuidanceSchedule = parsed.GetValue(schedule),
                ToOne = parsed.GivenOrNull(toOne),
                Temperature = parsed.GivenOrNull(temperature),
                TopP = parsed.GivenOrNull(topP),
                Beams = parsed.GivenOrNull(beams),
                Unmasking = parsed.GivenOrNull(unmasking),
                Decode = kind != ModelFolder.Classifier && !parsed.IsGiven(decode) ? [DecodeKind.Last] : parsed.GetRequiredValue(decode),
                Control = parsed.GetValue(control) ? ControlKind.Beside : ControlKind.None,
                Draws = parsed.GetValue(draws),
                Seed = parsed.GetValue(seed),
                BatchSize = kind != ModelFolder.Classifier && !parsed.IsGiven(batch) ? RowBatch : parsed.GetValue(batch),
            };
            OptionsValidator.ValidateMembers(settings, "eval");
            JsonOutput.Check(parsed.GetValue(json));
            OutputFile.Check("--results", parsed.GetValue(results));
            OutputFile.CheckFolder("--report", parsed.GetValue(report));
            if (parsed.GetValue(results) is { } file && settings.Rows > 1)
                throw new TweedieException($"--results {file}: these are {settings.Rows} settings, and a results file has one caption per image; give one of each.");
            var place = compute.Open(parsed);
            var (dataset, weights) = (parsed.GetRequiredValue(data), parsed.GetValue(precision).WarnIfSlow(place));
            if (isGenerator)
                return Task.FromResult(GeneratorEvaluation.Run(new(folder, dataset, parsed.GetValue(split), text.Read(parsed), place, weights, parsed.GetValue(gap)), settings, parsed.GetValue(limit), parsed.GetValue(count), parsed.GetValue(json), cancellation));
            using var clip = CommonOptions.OpenJudge(parsed.GetValue(choose), parsed.GetValue(judge), place);
            using var opened = EvaluatedModel.Open(folder, dataset, parsed.GetValue(split), parsed.GetValue(limit), place, weights, columns.Read(parsed), cancellation);
            if (clip is not null)
                opened.Model.Judge = new ClipJudge(clip, opened.Captioner!, opened.Source.Read);
            var origin = ResultOrigin.Of(folder, weights, place, ResultOrigin.DataOrigin.Of(dataset, opened.Source.Name, opened.Source.Count, parsed.GetValue(split)));
            return Task.FromResult(Run(opened, folder, settings, origin, parsed.GetValue(results), parsed.GetValue(report), parsed.GetValue(json), parsed.GetValue(cache), cancellation));
        });
        return command;
    }

    private static int Run(EvaluatedModel opened, string folder, EvaluationSettings settings, ResultOrigin origin, string? results, string? report, string? json, string? cache,
        CancellationToken cancellation)
    {
        Evaluator.Check(opened.Model, settings);
        var console = Screen.Create(json);
        using var line = new LiveLine(Screen.TerminalFor(json));
        foreach (var warning in opened.Warnings)
            console.WriteLine($"warning: {warning}");
        console.WriteLine($"{folder}: {opened.Title}, {opened.Source.Count} images of {opened.Source.Name}{(origin.Data!.Split == DataSplit.Validation ? " (validation split)" : "")}");
        using var measured = MeasuredImages.Open(opened.Model, folder, opened.Source, cache, line, cancellation);
        var (samples, encoding) = (0, measured.Seconds);
        var images = measured.Stream(settings.BatchSize, cancellation).Select(batch =>
        {
            (samples, encoding) = (samples + batch.Count, encoding + batch.Seconds);
            line.Write($"{samples:N0} of {opened.Source.Count:N0} images encoded");
            return batch;
        });
        IReadOnlyList<Func<IMetric>> metrics = report is null ? [opened.Metric] : [opened.Metric, () => new PredictedLabels(opened.Source)];
        var rows = Evaluator.Evaluate(opened.Model, images, settings, metrics, cancellation);
        line.Clear();
        console.WriteLine(FormattableString.Invariant($"encoded once in {encoding:F1} s"));
        console.Show(EvaluationTable.Create(rows));
        if (report is not null)
            WriteReport(report, rows, opened.Classifier!, console);
        if (results is not null)
        {
            JsonOutput.Write(Path.ChangeExtension(results, ".origin.json"), new { origin, settings });
            CocoResults.Save(results, rows[0].Metric<CaptionQuality>().Captions.Select(entry => new CaptionResult(((ICaptionSource)opened.Source).GetId(entry.Index), entry.Caption)));
        }
        JsonOutput.Write(json, new { opened.Task, Samples = samples, Origin = origin, Settings = settings, opened.Warnings, Results = rows.Select(EvaluationTable.Fields) });
        return ExitCodes.Success;
    }

    private static void WriteReport(string folder, IReadOnlyList<EvaluationRow> rows, ImageClassifier classifier, IAnsiConsole console)
    {
        foreach (var row in rows)
            ClassificationReport.Write(folder, FileName(row), row.Metric<PredictedLabels>(), classifier.Options.ClassNames, classifier.Calibration?.Find(row.Setting)?.Temperature);
        console.WriteLine($"wrote {folder}: accuracy by class, confusion matrix and reliability diagram of {rows.Count} {(rows.Count == 1 ? "setting" : "settings")}");
    }

    // The rows of a grid differ in what their names leave out.
    private static string FileName(EvaluationRow row) => row.Sampling is not { } sampling ? row.Name
        : FormattableString.Invariant($"{row.Name}.guidance{sampling.Guidance}.{ChoiceWords.Of(sampling).Replace(", ", ".").Replace(" ", "")}").ToLowerInvariant();
}
