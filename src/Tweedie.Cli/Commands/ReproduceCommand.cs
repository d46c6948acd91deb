using System.CommandLine;
using System.Diagnostics;
using Spectre.Console;
using TorchSharp;
using Tweedie.Cli.Output;
using Tweedie.Experiments;
using Tweedie.Experiments.Paper;
using Tweedie.Experiments.Report;

namespace Tweedie.Cli.Commands;

/// <summary><c>tweedie reproduce</c>.</summary>
internal static class ReproduceCommand
{
    public static Command Create()
    {
        var what = new Argument<string[]>("WHAT")
        {
            Description = $"all, or any of {string.Join(", ", PaperExperiments.All.Select(experiment => experiment.Name))}",
            Arity = ArgumentArity.OneOrMore,
        };
        var scale = new Option<ScaleKind>("--scale") { Description = "quick: generated images; small: Fashion-MNIST, CIFAR-10, Imagenette and Flickr8k; paper: ImageNet and COCO", HelpName = "SCALE" }.OneOf();
        var data = new Option<string>("--data") { Description = "The folder with fashion-mnist/, cifar10/, imagenette-224/ and flickr8k-4k/, or imagenet/ and coco/", DefaultValueFactory = _ => "../shared/data", HelpName = "DIR" };
        var seeds = new Option<int?>("--seeds") { Description = "Number of seeds; by default three, and one at the paper's scale", HelpName = "N" }.AtLeast(1);
        var only = new Option<string[]>("--only") { Description = "Data sets, such as cifar10,flickr8k; by default all of the scale", HelpName = "LIST", AllowMultipleArgumentsPerToken = true };
        var output = new Option<string?>("--out") { Description = "The folder; by default runs/reproduce- and the scale", HelpName = "DIR" };
        var resume = new Option<bool>("--resume") { Description = "Continue in the folder: what is finished is kept" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Print the trainings and what they cost, from a few measured steps, and exit" };
        var device = CommonOptions.Device();
        var command = new Command("reproduce",
            "Re-run tables and figures of the paper and write a report. Ctrl-C keeps what is finished; --resume continues.\n"
            + "Example: tweedie reproduce all --scale quick")
        { what, scale, data, only, seeds, output, resume, dryRun, device };
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(
            PaperExperiments.Select(parsed.GetRequiredValue(what)),
            Studies.Create(parsed.GetValue(scale), parsed.GetRequiredValue(data), parsed.GetValue(seeds)).Only(Names(parsed.GetValue(only) ?? [])),
            parsed.GetRequiredValue(data), parsed.GetValue(output), parsed.GetValue(resume), parsed.GetValue(dryRun), CommonOptions.ParseDevice(parsed.GetRequiredValue(device)),
            $"tweedie {string.Join(' ', parsed.Tokens.Select(token => token.Value))}", cancellation)));
        return command;
    }

    private static int Run(IReadOnlyList<IExperiment> experiments, Study study, string data, string? output, bool resume, bool dryRun,
        torch.Device device, string command, CancellationToken cancellation)
    {
        var console = Screen.Create();
        var folders = study.Benchmarks.Select(benchmark => benchmark.Run.Data.Train).Concat(study.Captions.Select(benchmark => benchmark.Run.Data.Train)).ToList();
        var outOfReach = study.Scale == ScaleKind.Paper && (device.type != DeviceType.CUDA || folders.Any(folder => !Directory.Exists(folder)));
        if (dryRun || outOfReach)
        {
            ReproductionPlanTable.Print(console, ReproductionPlan.Create(study, experiments, device));
            if (!dryRun)
                console.WriteLine($"Not started: it needs a CUDA device and {string.Join(", ", folders)}.");
            return ExitCodes.Success;
        }
        var watch = Stopwatch.StartNew();
        var folder = new ReproductionFolder(output ?? Path.Combine("runs", $"reproduce-{study.Scale.ToString().ToLowerInvariant()}"));
        var reproduction = Reproduction.Open(folder, study, study.Scale == ScaleKind.Quick ? "" : data, command, resume);
        var exhibits = reproduction.Run(experiments, device, new ReproductionDisplay(console), new TrainingDisplay(console, evaluations: false), cancellation);
        foreach (var exhibit in exhibits)
            ExhibitDisplay.Print(console, exhibit);
        ReportWriter.Write([folder], folder.Report);
        console.WriteLine($"Done in {Screen.Duration(watch.Elapsed)}: {folder.Report}");
        return ExitCodes.Success;
    }

    private static IReadOnlyList<string> Names(IEnumerable<string> lists) =>
        [.. lists.SelectMany(list => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
}
