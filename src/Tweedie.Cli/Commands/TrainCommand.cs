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
        var allowChanges = new Option<bool>("--allow-changes") { Description = "With --resume: continue with a config that changes the result" };
        var maxTime = new Option<TimeSpan?>("--max-time")
        {
            Description = "Stop after this time, such as 90s, 30m, 8h or 1d12h; the current step is finished and a checkpoint is saved",
            HelpName = "TIME",
            CustomParser = result =>
            {
                if (Duration.Parse(result.Tokens[0].Value) is { } time)
                    return time;
                result.AddError($"--max-time: '{result.Tokens[0].Value}' is not a time from 1s to 40d; give one such as 90s, 30m, 8h or 1d12h.");
                return null;
            },
        };
        var dryRun = new Option<bool>("--dry-run") { Description = "Print what the training will do and cost, estimated from a few measured steps, and exit; for a batch of more than 256 images, a part is measured and the time is scaled" };
        var compute = new ComputeOptions();
        var command = new Command("train",
            "Train a model as a config says. Ctrl-C, SIGTERM and --max-time save a checkpoint, from which --resume continues exactly;\n"
            + "the exit codes are 130, 143 and 124.\n"
            + "Example: tweedie train --config configs/fashion-mnist.yaml --set training.epochs=2 --out runs/try")
        { config, set, output, resume, allowChanges, maxTime, dryRun, compute.Device, compute.Threads };
        command.SetAction((parsed, cancellation) =>
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            if (parsed.GetValue(maxTime) is { } time)
                stop.CancelAfter(time);
            var run = new RunFolder(parsed.GetValue(output) ?? Path.Combine("runs", Path.GetFileNameWithoutExtension(parsed.GetRequiredValue(config))));
            try
            {
                var document = Read(parsed.GetRequiredValue(config), parsed.GetValue(set) ?? []);
                var (asked, device) = (RunConfig.From(document), compute.Open(parsed));
                using var session = document.ExplainPaths(() => TrainingSession.Open(
                    asked, run, device, parsed.GetValue(resume), parsed.GetValue(allowChanges), parsed.GetValue(dryRun), stop.Token));
                Run(session, document.PathWarnings, run, asked, parsed.GetValue(dryRun), stop.Token);
                return Task.FromResult(ExitCodes.Success);
            }
            catch (OperationCanceledException)
            {
                var left = !parsed.GetValue(dryRun) && run.HasCheckpoint ? "continue with --resume" : "nothing was written";
                if (cancellation.IsCancellationRequested)
                    throw new InterruptedException($"{run.Path}: interrupted; {left}");
                Console.Error.WriteLine($"{run.Path}: stopped at --max-time; {left}");
                return Task.FromResult(ExitCodes.TimeLimit);
            }
        });
        return command;
    }

    private static ConfigDocument Read(string path, string[] changes)
    {
        var document = ConfigDocument.Load(path);
        foreach (var change in changes)
            document.Set(change);
        return document;
    }

    private static void Run(TrainingSession session, IReadOnlyList<string> pathWarnings, RunFolder run, RunConfig config, bool dryRun, CancellationToken cancellation)
    {
        string[] heading = [$"{run.Path}: {session.Summary}", .. pathWarnings.Concat(session.Warnings).Select(warning => $"warning: {warning}")];
        using var line = new LiveLine();
        if (dryRun)
        {
            var (plan, console) = (session.Plan(progress: new FeatureLine(line), cancellation: cancellation), Screen.Create());
            line.Clear();
            foreach (var text in heading)
                console.WriteLine(text);
            PlanTable.Print(console, plan);
            return;
        }
        var outcome = session.Run(new TrainingDisplay(line, heading, items: TrainingTotals.Items(config)), cancellation);
        foreach (var text in TrainingTotals.Lines(run, config, outcome, config is ClassificationRun ? CalibrationLine.Of(run.Model) : null))
            line.Print(text);
    }
}
