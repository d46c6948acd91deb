using System.CommandLine;
using System.Diagnostics;
using Spectre.Console;
using Tweedie.Cli.Output;
using Tweedie.Data;
using Tweedie.Diffusion;
using Tweedie.Evaluation;
using Tweedie.Models;
using Tweedie.Training;

namespace Tweedie.Cli.Commands;

/// <summary><c>tweedie demo</c>.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var quick = new Option<bool>("--quick") { Description = "A shorter training: under 40 seconds instead of under 4 minutes on two cores" };
        var output = new Option<string?>("--out") { Description = "Folder for the two runs; by default a new one under runs/", HelpName = "DIR" };
        var device = CommonOptions.Device();
        var command = new Command("demo",
            "Train a diffusion classifier and its linear baseline on generated images, compare them, and watch one label being denoised.\nExample: tweedie demo --quick")
        { quick, output, device };
        command.SetAction((parsed, cancellation) => Task.FromResult(
            Run(parsed.GetValue(quick), parsed.GetValue(output) ?? NewFolder(), parsed.GetRequiredValue(device), cancellation)));
        return command;
    }

    private static int Run(bool quick, string output, string device, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var console = Screen.Create();
        var results = new List<ClassificationResult>();
        foreach (var method in new[] { ClassifierMethod.Linear, ClassifierMethod.Tdd })
        {
            var config = DemoConfig.Create(method, quick);
            var run = new RunFolder(Path.Combine(output, method.ToString().ToLowerInvariant()));
            using var session = TrainingSession.Open(config, run, CommonOptions.ParseDevice(device), resume: false);
            console.WriteLine($"{run.Path}: {session.Summary}");
            session.Run(new TrainingDisplay(console, new LiveLine()), cancellation);

            using var classifier = ImageClassifier.Load(run.Model, CommonOptions.ParseDevice(device));
            var test = ImageSources.Open(config.Data.Train, DataSplit.Test);
            using var images = EncodedImages.Encode(classifier, test, batchSize: 500, cancellation: cancellation);
            var settings = new ClassificationSettings { Steps = quick ? [1, 5, 20] : [1, 2, 5, 10, 20], Control = true };
            results.AddRange(ClassificationEvaluator.Evaluate(classifier, images, settings, cancellation));
            if (method == ClassifierMethod.Tdd)
                Show(console, results, classifier, test, output, cancellation);
        }
        console.WriteLine($"\nDone in {Screen.Duration(watch.Elapsed)}. Try: tweedie classify --model {Path.Combine(output, "tdd", "model")} {Path.Combine(output, "example.png")} --trace");
        return ExitCodes.Success;
    }

    private static void Show(IAnsiConsole console, List<ClassificationResult> results, ImageClassifier classifier, IImageSource test, string output, CancellationToken cancellation)
    {
        console.WriteLine($"\nAccuracy on {test.Count} test images. \"last\" is the paper's rule, \"consensus\" averages the trajectory's predictions,");
        console.WriteLine("\"control\" feeds nothing back: each of its steps starts anew from noise.");
        console.Write(AccuracyTable.Create(results));

        const int example = 3;
        var image = test.Read(example);
        var file = Path.Combine(output, "example.png");
        ImageWriter.Save(image, file);
        console.WriteLine($"One image ({test.ClassNames[test.GetLabel(example)]}) and its label's way from noise, one column per class: {string.Join(", ", test.ClassNames)}");
        ImagePicture.Print(console, image);
        var sampling = new SamplingOptions { Steps = 20, Decode = DecodeKind.Consensus };
        Classification.Of(classifier, file, image, sampling, top: 3, trace: true, cancellation).Print(console);
    }

    private static string NewFolder() => Enumerable.Range(1, int.MaxValue)
        .Select(number => Path.Combine("runs", number == 1 ? "demo" : $"demo-{number}"))
        .First(folder => !Directory.Exists(folder));
}
