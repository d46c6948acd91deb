using System.CommandLine;
using System.Diagnostics;
using Spectre.Console;
using TorchSharp;
using Tweedie.Cli.Output;
using Tweedie.Experiments;
using Tweedie.Experiments.Cells;
using Tweedie.Experiments.Paper;
using Tweedie.Experiments.Report;
using Tweedie.Experiments.Statistics;

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
        var scale = new Option<ScaleKind>("--scale") { Description = "quick (the default): generated images; small: Fashion-MNIST, CIFAR-10, Imagenette and Flickr8k; paper: ImageNet and COCO", HelpName = "SCALE" }.OneOf();
        var data = new Option<string>("--data")
        {
            Description = "The folder of data sets. small: fashion-mnist/, cifar10/, imagenette-224/ and flickr8k-4k/. paper: imagenet/, coco/, bert-base-uncased/ and "
                + "clip-vit-base-patch32/; captions also take the encoder in runs/imagenet-vit-b16/model, which tweedie train --config configs/imagenet-vit-b16.yaml makes. quick ignores it",
            DefaultValueFactory = _ => "../shared/data",
            HelpName = "DIR",
        };
        var seeds = new Option<int?>("--seeds") { Description = "Number of seeds; by default three, but one for the captions of quick and for paper", HelpName = "N" }.AtLeast(1);
        var only = CommonOptions.Names("--only", "Data sets to work on, such as cifar10,flickr8k; by default all of the scale. Tables and figures show all that are finished");
        var output = new Option<string?>("--out") { Description = "The folder; by default runs/reproduce- and the scale", HelpName = "DIR" };
        var resume = new Option<bool>("--resume") { Description = "Continue in the folder: what is finished is kept" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Print the trainings and what they cost, from a few measured steps, and exit" };
        var device = CommonOptions.Device();
        var command = new Command("reproduce",
            "Re-run tables and figures of the paper and write a report. Ctrl-C keeps what is finished; --resume continues.\n"
            + "Example: tweedie reproduce all --scale quick\n"
            + "Example: tweedie reproduce table1 figure5 --scale small --data DATA --only cifar10\n"
            + "Example: tweedie reproduce all --scale small --data DATA --resume")
        { what, scale, data, only, seeds, output, resume, dryRun, device };
        command.SetAction((parsed, cancellation) =>
        {
            var kind = parsed.GetValue(scale);
            var folder = new ReproductionFolder(parsed.GetValue(output) ?? Path.Combine("runs", $"reproduce-{kind.ToString().ToLowerInvariant()}"));
            var path = kind == ScaleKind.Quick ? "" : Reproduction.DataPath(folder, parsed.GetRequiredValue(data));
            return Task.FromResult(Run(
                PaperExperiments.Select(parsed.GetRequiredValue(what)), Studies.Create(kind, path, parsed.GetValue(seeds)), path, parsed.GetRequiredValue(only),
                folder, parsed.GetValue(resume), parsed.GetValue(dryRun), CommonOptions.ParseDevice(parsed.GetRequiredValue(device)),
                $"tweedie {string.Join(' ', parsed.Tokens.Select(token => Quoted(token.Value)))}", cancellation));
        });
        return command;
    }

    private static int Run(IReadOnlyList<IExperiment> experiments, Study study, string data, string[] only, ReproductionFolder folder, bool resume, bool dryRun,
        torch.Device device, string command, CancellationToken cancellation)
    {
        var console = Screen.Create();
        var chosen = study.Only(only);
        var store = new CellStore(folder.Cells);
        var missing = CellInputs.Missing(Reproduction.CellsOf(experiments, chosen).Where(cell => !store.Has(cell)));
        if (dryRun || (study.Scale == ScaleKind.Paper && (device.type != DeviceType.CUDA || missing.Count > 0)))
        {
            PrintPlan(console, chosen, experiments, device);
            if (!dryRun)
                console.WriteLine($"Not started. Missing: {string.Join(", ", device.type == DeviceType.CUDA ? missing : missing.Prepend("a CUDA device"))}. See tweedie reproduce --help, --data.");
            return ExitCodes.Success;
        }
        if (missing.Count > 0) // before anything is written
            throw new TweedieException($"--data {data}: there is no {string.Join(", ", missing)}; the README says where the data are from, and --only leaves data sets out.");
        var watch = Stopwatch.StartNew();
        var reproduction = Reproduction.Open(folder, study, data, command, resume, only);
        var exhibits = reproduction.Run(experiments, device, new ReproductionDisplay(console), new TrainingDisplay(console, evaluations: false), cancellation);
        foreach (var exhibit in exhibits)
            ExhibitDisplay.Print(console, exhibit);
        ReportWriter.Write([folder], folder.Report);
        console.WriteLine($"Done in {Screen.Duration(watch.Elapsed)}: {folder.Report}");
        return ExitCodes.Success;
    }

    private static void PrintPlan(IAnsiConsole console, Study study, IReadOnlyList<IExperiment> experiments, torch.Device device)
    {
        ReproductionPlanTable.Print(console, ReproductionPlan.Create(study, experiments, device));
        string[] few =
        [
            .. study.Benchmarks.Where(_ => study.Seeds < Comparison.MinimumSeeds).Select(benchmark => benchmark.Title),
            .. study.Captions.Where(benchmark => benchmark.Seeds < Comparison.MinimumSeeds).Select(benchmark => benchmark.Title),
        ];
        if (few.Length > 0)
            console.WriteLine($"Fewer than {Comparison.MinimumSeeds} seeds give no verdict, only \"cannot tell\": {string.Join("; ", few)}. --seeds {Comparison.MinimumSeeds} would give one.");
    }

    // As a shell takes it for one word.
    private static string Quoted(string word) => word.Length > 0 && word.All(character => char.IsLetterOrDigit(character) || "-_./:,=+@%".Contains(character)) ? word
        : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
