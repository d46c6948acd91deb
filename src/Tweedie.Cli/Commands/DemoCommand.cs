using System.CommandLine;
using System.Diagnostics;
using Spectre.Console;
using Tweedie.Cli.Output;
using Tweedie.Evaluation;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Sampling;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Cli.Commands;

/// <summary><c>tweedie demo</c>.</summary>
internal static class DemoCommand
{
    private static readonly TokenMethod[] Methods = [TokenMethod.Linear, TokenMethod.Tdd];

    public static Command Create()
    {
        var quick = new Option<bool>("--quick") { Description = "A shorter training: under 40 seconds instead of under 4 minutes on two cores" };
        var output = new Option<string?>("--out") { Description = "Folder for the two runs; by default a new one under runs/", HelpName = "DIR" };
        var compute = new ComputeOptions();
        var worker = new Option<TokenMethod?>("--worker") { Hidden = true }; // the one model that this process trains
        var command = new Command("demo",
            "Train a diffusion classifier and its linear baseline on generated images, compare them, and watch one label being denoised.\n"
            + "The two models are trained side by side, each in a process of its own.\nExample: tweedie demo --quick")
        { quick, output, compute.Device, compute.Threads, worker };
        command.SetAction((parsed, cancellation) =>
        {
            var (isQuick, folder, device) = (parsed.GetValue(quick), parsed.GetValue(output) ?? NewFolder(), compute.Open(parsed));
            if (parsed.GetValue(worker) is { } method)
                return Task.FromResult(Train(method, isQuick, folder, device, cancellation));
            string[] words = [output.Name, folder, .. isQuick ? [quick.Name] : Array.Empty<string>(), .. compute.Words(parsed)];
            return RunAsync(isQuick, folder, device, method => [command.Name, worker.Name, Name(method), .. words], cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(bool quick, string output, Device device, Func<TokenMethod, string[]> trainingOf, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var console = Screen.Create();
        var exitCode = await WorkerProcesses.RunAsync(
            Methods.Select(method => (Name(method), WorkerProcesses.OfThisProgram(trainingOf(method)))), "start the demo again", new LiveLine(), cancellation)
            .ConfigureAwait(false);
        if (exitCode != ExitCodes.Success)
            return exitCode;
        var results = new List<EvaluationRow>();
        foreach (var method in Methods)
        {
            using var classifier = ImageClassifier.Load(RunOf(output, method).Model, device);
            var test = ImageSources.Open(DemoConfig.Create(method, quick).Data.Train, DataSplit.Test, cancellation: cancellation);
            var settings = new EvaluationSettings { Steps = quick ? [1, 5, 20] : [1, 2, 5, 10, 20], Decode = Enum.GetValues<DecodeKind>(), Control = ControlKind.Beside };
            var images = EncodedImages.Stream(classifier.Model, test, settings.BatchSize, cancellation: cancellation);
            results.AddRange(Evaluator.Evaluate(classifier.Model, images, settings, [() => new LabelAccuracy(test)], cancellation));
            if (method == TokenMethod.Tdd)
                Show(console, results, classifier, test, output, cancellation);
        }
        console.WriteLine($"\nDone in {Screen.Duration(watch.Elapsed)}. Try: tweedie classify --model {Path.Combine(output, "tdd", "model")} {Path.Combine(output, "example.png")} --trace");
        return ExitCodes.Success;
    }

    private static int Train(TokenMethod method, bool quick, string output, Device device, CancellationToken cancellation) => WorkerProcesses.Work((line, stop) =>
    {
        var run = RunOf(output, method);
        using var session = TrainingSession.Open(DemoConfig.Create(method, quick), run, device, resume: false, cancellation: stop);
        session.Run(new TrainingDisplay(line, [$"{run.Path}: {session.Summary}"]), stop);
    }, cancellation);

    private static void Show(IAnsiConsole console, List<EvaluationRow> results, ImageClassifier classifier, IImageSource test, string output, CancellationToken cancellation)
    {
        console.WriteLine($"\nAccuracy on {test.Count} test images. \"last\" is the paper's rule, \"consensus\" averages the trajectory's predictions,");
        console.WriteLine("\"control\" feeds nothing back: each of its steps starts anew from noise.");
        console.Write(EvaluationTable.Create(results));

        const int example = 3;
        var image = test.Read(example);
        var file = Path.Combine(output, "example.png");
        ImageWriter.Save(image, file);
        console.WriteLine($"One image ({test.ClassNames[test.GetLabel(example)]}) and how its label emerges from noise, one column per class: {string.Join(", ", test.ClassNames)}");
        ImagePicture.Print(console, image);
        var sampling = new SamplingOptions { Steps = 20, Decode = DecodeKind.Consensus };
        Classification.Of(classifier, file, image, sampling, top: 3, trace: true, cancellation).Print(console);
    }

    private static string Name(TokenMethod method) => method.ToString().ToLowerInvariant();

    private static RunFolder RunOf(string output, TokenMethod method) => new(Path.Combine(output, Name(method)));

    private static string NewFolder() => Enumerable.Range(1, int.MaxValue)
        .Select(number => Path.Combine("runs", number == 1 ? "demo" : $"demo-{number}"))
        .First(folder => !Directory.Exists(folder));
}
