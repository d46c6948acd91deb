using System.CommandLine;
using Spectre.Console;
using Tweedie.Cli.Output;
using Tweedie.Configuration;
using Tweedie.Data;
using Tweedie.Diffusion;
using Tweedie.Evaluation;
using Tweedie.Models;

namespace Tweedie.Cli.Commands;

/// <summary><c>tweedie eval</c>.</summary>
internal static class EvalCommand
{
    public static Command Create()
    {
        var model = CommonOptions.Model();
        var data = new Option<string>("--data") { Description = "A data file or folder; of a folder with splits, the test split", Required = true, HelpName = "FILE-OR-FOLDER" };
        var steps = CommonOptions.List("--steps", "numbers of sampling steps", CommonOptions.PositiveInteger, 1, 5, 20);
        var guidance = CommonOptions.List("--guidance", "guidance scales, 0 or more", CommonOptions.Scale, 1.0);
        var toOne = CommonOptions.List("--to-one", "argmax, multinomial", CommonOptions.Name<ToOneKind>, ToOneKind.Argmax);
        var decode = CommonOptions.List("--decode", "last, consensus", CommonOptions.Name<DecodeKind>, DecodeKind.Last, DecodeKind.Consensus);
        var schedule = new Option<GuidanceSchedule>("--guidance-schedule") { Description = "constant, or linear from 1 to the scale", HelpName = "NAME" };
        var control = new Option<bool>("--control") { Description = "Add the noise-only control: nothing is fed back between steps" };
        var draws = new Option<int>("--draws") { Description = "Independent draws that are averaged", DefaultValueFactory = _ => 1, HelpName = "N" }.AtLeast(1);
        var limit = new Option<int?>("--limit") { Description = "Evaluate the first N images only", HelpName = "N" }.AtLeast(1);
        var batch = new Option<int>("--batch-size") { Description = "Images at a time", DefaultValueFactory = _ => 500, HelpName = "N" }.AtLeast(1);
        var (seed, json, device) = (CommonOptions.Seed(), CommonOptions.Json(), CommonOptions.Device());
        var command = new Command("eval",
            "Accuracy of a model on a data set, for every combination of the sampling settings. Each image is encoded once.\n"
            + "Example: tweedie eval --model runs/fashion-mnist/model --data DATA --steps 1,5,20 --guidance 1,1.5 --control")
        { model, data, steps, guidance, schedule, toOne, decode, control, draws, limit, batch, seed, json, device };
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(
            parsed.GetRequiredValue(model), parsed.GetRequiredValue(data), parsed.GetValue(limit), parsed.GetValue(json), parsed.GetRequiredValue(device),
            new ClassificationSettings
            {
                Steps = parsed.GetRequiredValue(steps),
                Guidance = parsed.GetRequiredValue(guidance),
                GuidanceSchedule = parsed.GetValue(schedule),
                ToOne = parsed.GetRequiredValue(toOne),
                Decode = parsed.GetRequiredValue(decode),
                Control = parsed.GetValue(control),
                Draws = parsed.GetValue(draws),
                Seed = parsed.GetValue(seed),
                BatchSize = parsed.GetValue(batch),
            }, cancellation)));
        return command;
    }

    private static int Run(string model, string data, int? limit, string? json, string device, ClassificationSettings settings, CancellationToken cancellation)
    {
        OptionsValidator.Validate(settings, "eval");
        if (limit < 1)
            throw new TweedieException($"--limit {limit}: give the number of images, at least 1.");
        JsonOutput.Check(json);
        using var classifier = ImageClassifier.Load(model, CommonOptions.ParseDevice(device));
        var source = Open(data, classifier.Options);
        if (source.ClassNames.Count > classifier.Options.ClassNames.Count)
            throw new TweedieException($"{data} has {source.ClassNames.Count} classes, the model {model} only {classifier.Options.ClassNames.Count}; evaluate on the data it was trained for.");
        if (limit < source.Count)
            source = new SubsetSource(source, [.. Enumerable.Range(0, limit.Value)]);
        var console = Screen.Create(json);
        console.WriteLine($"{model}: {classifier.Options.Method.ToString().ToLowerInvariant()} classifier, {source.Count} images of {source.Name}");
        using var images = EncodedImages.Encode(classifier, source, settings.BatchSize, cancellation: cancellation);
        console.WriteLine(FormattableString.Invariant($"encoded once in {images.Seconds:F1} s"));
        var rows = ClassificationEvaluator.Evaluate(classifier, images, settings, cancellation).ToList();
        console.Write(AccuracyTable.Create(rows));
        JsonOutput.Write(json, new { Task = "classification", Samples = images.Count, Results = rows });
        return ExitCodes.Success;
    }

    private static IImageSource Open(string data, ClassifierOptions model)
    {
        var options = new ImageSourceOptions { Channels = model.Encoder.Channels };
        var source = ImageSources.Open(data, DataSplit.Test, options);
        // A set that lacks some classes would number the others differently: it takes the model's numbers, by name.
        return source.ClassNames.Count == model.ClassNames.Count ? source
            : ImageSources.Open(data, DataSplit.Test, options with { ClassNames = model.ClassNames });
    }
}
