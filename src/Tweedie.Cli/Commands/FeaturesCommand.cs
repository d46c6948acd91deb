using System.CommandLine;
using Spectre.Console;
using Tweedie.Cli.Output;
using Tweedie.Images;

namespace Tweedie.Cli.Commands;

/// <summary><c>tweedie features</c>.</summary>
internal static class FeaturesCommand
{
    public static Command Create()
    {
        var onnx = new Option<string>("--onnx") { Description = "The encoder's ONNX file", Required = true, HelpName = "FILE" };
        var output = new Option<string?>("--output") { Description = "The tensor that is the features, also an inner one; by default the only output", HelpName = "NAME" };
        var data = new Option<string?>("--data") { Description = "Images whose features are computed where the cache lacks them; without it, the cache is only described", HelpName = "FILE-OR-FOLDER" };
        var split = CommonOptions.Split(DataSplit.Train, "Where the data have splits");
        var views = new Option<int>("--views") { Description = "Views per image: 1, 2 with the mirror image, more with random crops", DefaultValueFactory = _ => 1, HelpName = "N" }.AtLeast(1);
        var cache = new Option<string?>("--feature-cache", "--cache") { Description = "The folder of all caches; by default tweedie/features in the user's cache folder", HelpName = "DIR" };
        var workers = new Option<int>("--workers") { Description = "Images that are encoded at the same time", DefaultValueFactory = _ => Environment.ProcessorCount, HelpName = "N" }.AtLeast(1);
        var json = CommonOptions.Json();
        var command = new Command("features",
            "Compute the features of a frozen encoder once, for all trainings on it, or describe those that are there. A training does the same by itself.\n"
            + "A stop at any moment loses little; damaged files are found and their features computed again.\n"
            + "Example: tweedie features --onnx encoders/ResNet18/model/ResNet18.onnx --data photos")
        { onnx, output, data, split, views, cache, workers, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(data) is null && new Option[] { split, views, workers }.FirstOrDefault(option => result.GetResult(option) is { Implicit: false }) is { } given)
                result.AddError($"{given.Name} says how features are computed; give --data too, or leave it out.");
        });
        command.SetAction((parsed, cancellation) =>
        {
            JsonOutput.Check(parsed.GetValue(json));
            using var extractor = new FrozenEncoderOptions { Onnx = parsed.GetRequiredValue(onnx), Output = parsed.GetValue(output) }.Open();
            using var features = FeatureCache.Open(parsed.GetValue(cache), extractor);
            var console = Screen.Create(parsed.GetValue(json));
            if (features.Damaged > 0)
                console.WriteLine($"warning: {features.Damaged} damaged {(features.Damaged == 1 ? "file was" : "files were")} deleted; their features are computed again when they are needed");
            FeatureSet? set = null;
            if (parsed.GetValue(data) is { } specification)
            {
                using var line = new LiveLine(Screen.TerminalFor(parsed.GetValue(json)));
                var source = OpenImages(specification, parsed.GetValue(split), cancellation);
                foreach (var warning in source.Warnings)
                    line.Print($"warning: {warning}");
                set = features.Complete(source, new() { Views = parsed.GetValue(views), Workers = parsed.GetValue(workers), MaxBadShare = 1 }, new FeatureLine(line), cancellation);
                foreach (var bad in set.BadImages.Values)
                    Console.Error.WriteLine($"warning: {bad.Reason}");
            }
            console.WriteLine(FormattableString.Invariant(
                $"{features.Folder}: {features.Rows:N0} views of {extractor.Tokens} x {extractor.Width} features by {extractor.Name}, {features.Bytes / 1e6:N1} MB"));
            JsonOutput.Write(parsed.GetValue(json), new
            {
                features.Folder,
                features.Rows,
                features.Bytes,
                features.Damaged,
                extractor.Name,
                extractor.Fingerprint,
                extractor.Tokens,
                extractor.Width,
                Images = set?.Source.Count,
                BadImages = set?.BadImages.Values,
            });
            return Task.FromResult(set?.BadImages.Count > 0 ? ExitCodes.Failure : ExitCodes.Success);
        });
        return command;
    }

    private static IImageSource OpenImages(string data, DataSplit split, CancellationToken cancellation)
    {
        var reading = new ImageSourceOptions { NeedsLabels = false };
        return CaptionSources.Recognizes(data, cancellation) ? CaptionSources.Open(data, split, reading, cancellation) : ImageSources.Open(data, split, reading, cancellation);
    }
}
