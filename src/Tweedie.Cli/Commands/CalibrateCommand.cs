using System.CommandLine;
using Spectre.Console;
using Tweedie.Cli.Output;
using Tweedie.Configuration;
using Tweedie.Evaluation;
using Tweedie.Models;
using Tweedie.Sampling;

namespace Tweedie.Cli.Commands;

/// <summary><c>tweedie calibrate</c>.</summary>
internal static class CalibrateCommand
{
    public static Command Create()
    {
        var model = CommonOptions.Model();
        var data = new Option<string>("--data") { Description = "Labelled images that the model was not trained on; report no scores on them", Required = true, HelpName = "FILE-OR-FOLDER" };
        var split = CommonOptions.Split(DataSplit.Test, "Where the data have splits");
        var steps = CommonOptions.List("--steps", "Numbers of sampling steps", CommonOptions.PositiveInteger, 1, 20);
        var guidance = CommonOptions.List("--guidance", "Guidance scales, 0 or more", CommonOptions.Scale, 1.0);
        var decode = CommonOptions.List("--decode", "last, consensus", CommonOptions.Name<DecodeKind>, DecodeKind.Last, DecodeKind.Consensus);
        var draws = new Option<int>("--draws") { Description = "Number of independent draws that are averaged", DefaultValueFactory = _ => 1, HelpName = "N" }.AtLeast(1);
        var cache = MeasuredImages.CacheOption();
        var columns = new ColumnOptions();
        var (seed, json, compute) = (CommonOptions.Seed(), CommonOptions.Json(), new ComputeOptions());
        var command = new Command("calibrate",
            "Fit the temperatures that make a classifier's probabilities honest, one for every combination of the settings, and store them in the model's folder.\n"
            + "The chosen classes stay the same; only the printed probabilities change. Temperatures of other settings are kept.\n"
            + "A training with data.holdout calibrates its model by itself.\n"
            + "Example: tweedie calibrate --model runs/photos/model --data held-out --steps 1,20")
        { model, data, split, steps, guidance, decode, draws, cache, columns.Image, columns.Label, seed, json, compute.Device, compute.Threads };
        command.SetAction((parsed, cancellation) =>
        {
            var (folder, target) = (parsed.GetRequiredValue(model), parsed.GetValue(json));
            parsed.RefuseIfLinear(folder, steps, guidance, decode, draws, seed);
            var settings = new EvaluationSettings
            {
                Steps = parsed.GetRequiredValue(steps),
                Guidance = parsed.GetRequiredValue(guidance),
                Decode = parsed.GetRequiredValue(decode),
                Draws = parsed.GetValue(draws),
                Seed = parsed.GetValue(seed),
            };
            OptionsValidator.ValidateMembers(settings, "calibrate");
            JsonOutput.Check(target);
            var device = compute.Open(parsed);
            using var classifier = ImageClassifier.Load(folder, device);
            var console = Screen.Create(target);
            var source = EvaluatedModel.OpenLabelled(parsed.GetRequiredValue(data), parsed.GetValue(split), classifier.Options, columns.Read(parsed), cancellation);
            foreach (var warning in source.Warnings)
                console.WriteLine($"warning: {warning}");
            using var line = new LiveLine(Screen.TerminalFor(target));
            using var images = MeasuredImages.Open(classifier.Model, folder, source, parsed.GetValue(cache), line, cancellation);
            var calibration = Calibrator.Fit(classifier, source, images.Stream(settings.BatchSize, cancellation), settings, cancellation);
            line.Clear();
            var isOnCard = ImageClassifier.Calibrate(folder, calibration);
            Print(console, calibration);
            if (!isOnCard)
                console.WriteLine($"note: {ModelCard.FileName} is not as this version writes it; it is left as it is, and does not show these temperatures.");
            JsonOutput.Write(target, new
            {
                Task = "calibration",
                Origin = ResultOrigin.Of(
                    folder, Platform.Precision.F32, device, ResultOrigin.DataOrigin.Of(parsed.GetRequiredValue(data), source.Name, calibration.Settings[0].Images, parsed.GetValue(split))),
                Calibration = calibration,
            });
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    private static void Print(IAnsiConsole console, Calibration calibration)
    {
        var (images, data) = (calibration.Settings[0].Images, calibration.Settings[0].Data);
        console.WriteLine($"calibrated on {images} images of {data}; the expected calibration error (ECE) is measured on the same images:");
        var table = Screen.Table("setting", "temperature", "ECE before", "ECE after");
        foreach (var setting in calibration.Settings)
            table.AddRow(CalibrationLine.Name(setting.Sampling), FormattableString.Invariant($"{setting.Temperature:F2}"), Screen.Percent(setting.ErrorBefore), Screen.Percent(setting.ErrorAfter));
        console.Show(table);
        if (images < 200)
            console.WriteLine($"{images} images are few, so the temperatures are rough.");
    }
}
