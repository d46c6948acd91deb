using System.CommandLine;
using Spectre.Console;
using Tweedie.Cli.Output;
using Tweedie.Configuration;
using Tweedie.Training;

namespace Tweedie.Cli.Commands;

/// <summary><c>tweedie train</c>.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var config = new Option<string>("--config") { Description = "The run's YAML config", Required = true, HelpName = "FILE" };
        var set = new Option<string[]>("--set")
        {
            Description = "Change a value of the config, such as training.epochs=3; may be repeated",
            AllowMultipleArgumentsPerToken = true,
            HelpName = "KEY=VALUE",
        };
        var output = new Option<string?>("--out") { Description = "The run's folder; by default runs/ and the config's name", HelpName = "DIR" };
        var resume = new Option<bool>("--resume") { Description = "Continue from the newest checkpoint in the run's folder" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Print what the training will do and cost, from a few measured steps, and exit" };
        var device = CommonOptions.Device();
        var command = new Command("train",
            "Train a model as a config says. Ctrl-C saves a checkpoint that --resume continues from, exactly.\n"
            + "Example: tweedie train --config configs/fashion-mnist.yaml --set training.epochs=2 --out runs/try")
        { config, set, output, resume, dryRun, device };
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(
            parsed.GetRequiredValue(config), parsed.GetValue(set) ?? [], parsed.GetValue(output), parsed.GetValue(resume),
            parsed.GetValue(dryRun), parsed.GetRequiredValue(device), cancellation)));
        return command;
    }

    private static int Run(string configPath, string[] changes, string? output, bool resume, bool dryRun, string device, CancellationToken cancellation)
    {
        var document = ConfigDocument.Load(configPath);
        foreach (var change in changes)
            document.Set(change);
        var config = RunConfig.From(document);
        var run = new RunFolder(output ?? Path.Combine("runs", Path.GetFileNameWithoutExtension(configPath)));
        var console = Screen.Create();

        using var session = TrainingSession.Open(config, run, CommonOptions.ParseDevice(device), resume);
        console.WriteLine($"{run.Path}: {session.Summary}");
        foreach (var warning in session.Warnings)
            console.WriteLine($"warning: {warning}");
        if (dryRun)
        {
            PlanTable.Print(console, session.Plan());
            return ExitCodes.Success;
        }
        var metrics = session.Run(new TrainingDisplay(console), cancellation);
        console.WriteLine($"saved {run.Model}" + (metrics.Count == 0 ? "" : $" ({string.Join(", ", metrics.Select(pair => $"{pair.Key} {Screen.Percent(pair.Value)}"))})"));
        return ExitCodes.Success;
    }
}
