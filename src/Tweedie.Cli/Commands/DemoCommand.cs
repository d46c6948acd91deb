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
    private const int CaptionSteps = 12; // a line each
    private const int GalleryImages = 20; // of each kind, for the page

    public static Command Create()
    {
        var quick = new Option<bool>("--quick") { Description = "Shorter trainings and no captions: under 40 seconds instead of under 4 minutes on two cores" };
        var serve = new Option<bool>("--serve") { Description = "Serve the models when they are trained, with a page on which one watches them denoise" };
        var output = new Option<string?>("--out") { Description = "Folder for the runs; by default a new one under runs/", HelpName = "DIR" };
        var compute = new ComputeOptions();
        var worker = new Option<string?>("--worker") { Hidden = true }; // the one model that this process trains
        var command = new Command("demo",
            "Train a diffusion classifier and its linear baseline on generated images, compare them, and watch a label and a caption being denoised.\n"
            + "The models are trained side by side, each in a process of its own.\nExample: tweedie demo --quick --serve")
        { quick, serve, output, compute.Device, compute.Threads, worker };
        command.SetAction(async (parsed, cancellation) =>
        {
            var (isQuick, folder, device) = (parsed.GetValue(quick), parsed.GetValue(output) ?? NewFolder(), compute.Open(parsed));
            if (parsed.GetValue(worker) is { } name)
                return Train(name, isQuick, folder, device, cancellation);
            string[] words = [output.Name, folder, .. isQuick ? [quick.Name] : Array.Empty<string>(), .. compute.Words(parsed)];
            var exitCode = await RunAsync(isQuick, folder, device, name => [command.Name, worker.Name, name, .. words], cancellation).ConfigureAwait(false);
            return exitCode == ExitCodes.Success && parsed.GetValue(serve) ? await ServeAsync(isQuick, folder, device, cancellation).ConfigureAwait(false) : exitCode;
        });
        return command;
    }

    private static async Task<int> RunAsync(bool quick, string output, Device device, Func<string, string[]> trainingOf, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var console = Screen.Create();
        using var line = new LiveLine();
        var exitCode = await WorkerProcesses.RunAsync(
            DemoConfig.Names(quick).Select(name => (name, WorkerProcesses.OfThisProgram(trainingOf(name)))), "start the demo again", line, cancellation)
            .ConfigureAwait(false);
        if (exitCode != ExitCodes.Success)
            return exitCode;
        ShowLabels(console, quick, output, device, cancellation);
        if (!quick)
            ShowCaption(console, output, device, cancellation);
        console.WriteLine($"\nDone in {Screen.Duration(watch.Elapsed)}. Try: tweedie classify --model {ShellWord.Quote(Path.Combine(output, DemoConfig.Diffusion))} {ShellWord.Quote(Path.Combine(output, "example.png"))} --trace");
        return ExitCodes.Success;
    }

    private static Task<int> ServeAsync(bool quick, string output, Device device, CancellationToken cancellation)
    {
        var gallery = Path.Combine(output, "gallery");
        var shapes = ImageSources.Open(DemoConfig.Classifier(TokenMethod.Tdd, quick).Data.Train, DataSplit.Test, cancellation: cancellation);
        Show(shapes, GalleryImages, index => shapes.ClassNames[shapes.GetLabel(index)]);
        if (!quick)
            Show(CaptionSources.Open(DemoConfig.Captioner().Data.Train, DataSplit.Test, cancellation: cancellation), GalleryImages, _ => "scene");
        return ServeCommand.RunAsync(options =>
        {
            foreach (var name in DemoConfig.Names(quick))
                options.Models.Add(new(RunOf(output, name).Model, name));
            (options.Device, options.Gallery) = (device, gallery);
        }, [], logsRequests: false, cancellation);

        void Show(IImageSource source, int count, Func<int, string> label)
        {
            for (var index = 0; index < count; index++)
            {
                var folder = Directory.CreateDirectory(Path.Combine(gallery, label(index))).FullName;
                ImageWriter.Save(source.Read(index), Path.Combine(folder, $"{index:D3}.png"));
            }
        }
    }

    private static int Train(string name, bool quick, string output, Device device, CancellationToken cancellation) => WorkerProcesses.Work((line, stop) =>
    {
        var run = RunOf(output, name);
        using var session = TrainingSession.Open(DemoConfig.Create(name, quick), run, device, resume: false, cancellation: stop);
        session.Run(new TrainingDisplay(line, [$"{run.Path}: {session.Summary}"]), stop);
    }, cancellation);

    private static void ShowLabels(IAnsiConsole console, bool quick, string output, Device device, CancellationToken cancellation)
    {
        var test = ImageSources.Open(DemoConfig.Classifier(TokenMethod.Tdd, quick).Data.Train, DataSplit.Test, cancellation: cancellation);
        var settings = new EvaluationSettings { Steps = quick ? [1, 5, 20] : [1, 2, 5, 10, 20], Decode = Enum.GetValues<DecodeKind>(), Control = ControlKind.Beside };
        using var linear = ImageClassifier.Load(RunOf(output, DemoConfig.Linear).Model, device);
        using var diffusion = ImageClassifier.Load(RunOf(output, DemoConfig.Diffusion).Model, device);
        var results = new[] { linear, diffusion }.SelectMany(classifier => Evaluator.Evaluate(
            classifier.Model, EncodedImages.Stream(classifier.Model, test, settings.BatchSize, cancellation: cancellation), settings, [() => new LabelAccuracy(test)], cancellation));
        console.WriteLine($"\nAccuracy on {test.Count} test images. \"last\" is the paper's rule, \"consensus\" averages the trajectory's predictions,");
        console.WriteLine("\"control\" feeds nothing back: each of its steps starts anew from noise.");
        console.Show(EvaluationTable.Create([.. results]));

        var sampling = new SamplingOptions { Steps = 20, Decode = DecodeKind.Consensus };
        var example = DemoExample.OfLabels(diffusion, test, sampling, cancellation);
        var (image, file) = (test.Read(example.Index), Path.Combine(output, "example.png"));
        ImageWriter.Save(image, file);
        console.WriteLine($"How the label of a {test.ClassNames[test.GetLabel(example.Index)]} appears from noise, one column per class: {string.Join(", ", test.ClassNames)}.");
        console.WriteLine(example.Rule);
        ImagePicture.Print(console, image);
        Classification.Of(diffusion, file, image, sampling, top: 3, trace: true, cancellation).Print(console);
    }

    private static void ShowCaption(IAnsiConsole console, string output, Device device, CancellationToken cancellation)
    {
        using var captioner = ImageCaptioner.Load(RunOf(output, DemoConfig.Caption).Model, device);
        var test = (SceneSource)CaptionSources.Open(DemoConfig.Captioner().Data.Train, DataSplit.Test, cancellation: cancellation);
        var sampling = new SamplingOptions { Steps = CaptionSteps };
        var example = DemoExample.OfCaptions(captioner, test, sampling, cancellation);
        var (image, file) = (test.Read(example.Index), Path.Combine(output, "scene.png"));
        ImageWriter.Save(image, file);
        console.WriteLine("\nHow a caption appears: all its words at once. Words that have changed are marked.");
        console.WriteLine(example.Rule);
        ImagePicture.Print(console, image);
        Captioning.Of(captioner, file, sampling, constraint: null, trace: true, cancellation).Print(console);
    }

    private static RunFolder RunOf(string output, string name) => new(Path.Combine(output, name));

    private static string NewFolder() => Enumerable.Range(1, int.MaxValue)
        .Select(number => Path.Combine("runs", number == 1 ? "demo" : $"demo-{number}"))
        .First(folder => !Directory.Exists(folder));
}
