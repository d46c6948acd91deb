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
        var scale = new Option<ScaleKind>("--scale") { Description = "quick (the default): generated images; small: Fashion-MNIST, CIFAR-10, Imagenette and Flickr8k; features: heads on a frozen ResNet-18, 20 seeds; convergence: Fashion-MNIST and CIFAR-10 until each method has peaked; iterating: labels, attributes, sentences and puzzles; paper: ImageNet and COCO", HelpName = "SCALE" }.OneOf();
        var data = new Option<string>("--data")
        {
            Description = "The folder of data sets. small: fashion-mnist/, cifar10/, imagenette-224/ and flickr8k-4k/. features: imagenette-224/ and cifar10/; dotnet build encoders/ResNet18 brings the encoder. convergence: fashion-mnist/ and cifar10/. paper: imagenet/, coco/, bert-base-uncased/ and "
                + "clip-vit-base-patch32/; captions also take the encoder in runs/imagenet-vit-b16/model, which tweedie train --config configs/imagenet-vit-b16.yaml makes. quick and iterating ignore it",
            DefaultValueFactory = _ => "../shared/data",
            HelpName = "DIR",
        };
        var seeds = new Option<int?>("--seeds") { Description = "Number of seeds; by default three, but 20 for features, and one for the captions of quick and for paper", HelpName = "N" }.AtLeast(1);
        var only = CommonOptions.Names("--only", "Data sets to work on, such as cifar10,flickr8k; by default all of the scale. Tables and figures show all finished data sets");
        var output = new Option<string?>("--out") { Description = "The output folder; by default runs/reproduce- followed by the scale", HelpName = "DIR" };
        var resume = new Option<bool>("--resume") { Description = "Continue in the folder: what is finished is kept" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Print the trainings and what they cost in one process, estimated from a few measured steps, and exit" };
        var compute = new ComputeOptions();
        var jobs = new Option<int?>("--jobs")
        {
            Description = "Number of processes side by side. By default, on the CPU, one per processor (and per 2 GiB of memory). Results do not depend on it, but depend slightly on --threads",
            HelpName = "N",
        }.AtLeast(1);
        var worker = new Option<bool>(ReproductionWorkers.Option) { Hidden = true };
        var command = new Command("reproduce",
            "Re-run tables and figures of the paper and write a report. Ctrl-C keeps what is finished; --resume continues.\n"
            + "Example: tweedie reproduce all --scale quick\n"
            + "Example: tweedie reproduce table1 figure5 --scale small --data DATA --only cifar10\n"
            + "Example: tweedie reproduce all --scale small --data DATA --resume")
        { what, scale, data, only, seeds, output, resume, dryRun, compute.Device, compute.Threads, jobs, worker };
        command.SetAction((parsed, cancellation) =>
        {
            var kind = parsed.GetValue(scale);
            var folder = new ReproductionFolder(parsed.GetValue(output) ?? Path.Combine("runs", $"reproduce-{kind.ToString().ToLowerInvariant()}"));
            var path = kind is ScaleKind.Quick or ScaleKind.Iterating ? "" : Reproduction.DataPath(folder, parsed.GetRequiredValue(data));
            var task = new ReproductionTask(
                folder, Studies.Create(kind, path, parsed.GetValue(seeds)), PaperExperiments.Select(parsed.GetRequiredValue(what)), parsed.GetRequiredValue(only),
                compute.Open(parsed));
            string[] words = [.. parsed.Tokens.Select(token => token.Value)];
            return parsed.GetValue(worker) ? Task.FromResult(ReproductionWorkers.Work(task, cancellation))
                : RunAsync(task, path, words, parsed.GetValue(resume), parsed.GetValue(dryRun), parsed.GetValue(jobs), cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(ReproductionTask task, string data, string[] words, bool resume, bool dryRun, int? jobs, CancellationToken cancellation)
    {
        var console = Screen.Create();
        var missing = task.MissingInputs();
        if (dryRun || (task.Study.Scale == ScaleKind.Paper && (task.Device.type != DeviceType.CUDA || missing.Count > 0)))
        {
            ReproductionPlanTable.Print(console, ReproductionPlan.Create(task.Chosen, task.Experiments, task.Device), task.Chosen);
            if (!dryRun)
                console.WriteLine($"Not started. Missing: {string.Join(", ", task.Device.type == DeviceType.CUDA ? missing : missing.Prepend("a CUDA device"))}. See tweedie reproduce --help, --data.");
            return ExitCodes.Success;
        }
        if (missing.Count > 0) // before anything is written
            throw new TweedieException($"--data {data}: there is no {string.Join(", ", missing)}; the README says where the data are from, and --only leaves data sets out.");
        var watch = Stopwatch.StartNew();
        using var line = new LiveLine();
        var reproduction = Reproduction.Open(task.Folder, task.Study, data, $"tweedie {string.Join(' ', words.Select(ShellWord.Quote))}", resume, task.Only);
        var exitCode = await ReproductionWorkers.RunAsync(
            jobs, reproduction.ModelsLeft(task.Experiments), task.Device, words, line, cancellation).ConfigureAwait(false);
        if (exitCode != ExitCodes.Success)
            return exitCode;
        var exhibits = reproduction.Run(task.Experiments, task.Device, new ReproductionDisplay(line), new TrainingDisplay(line, evaluations: false), cancellation);
        line.Clear();
        foreach (var exhibit in exhibits)
            ExhibitDisplay.Print(console, exhibit);
        ReportWriter.Write([task.Folder], task.Folder.Report);
        console.WriteLine($"Done in {Screen.Duration(watch.Elapsed)}: {task.Folder.Report}");
        return ExitCodes.Success;
    }
}
