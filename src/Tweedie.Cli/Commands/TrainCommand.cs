using System.CommandLine;
using System.CommandLine.Parsing;
using Spectre.Console;
using Tweedie.Cli.Output;
using Tweedie.Configuration;
using Tweedie.Training;

namespace Tweedie.Cli.Commands;

/// <summary><c>tweedie train</c>.</summary>
internal static class TrainCommand
{
    private static readonly TimeSpan DefaultWait = TimeSpan.FromMinutes(30);

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
        var maxTime = Time("--max-time", "Stop after this time, such as 90s, 30m, 8h or 1d12h; the current step is finished and a checkpoint is saved");
        var processes = new Option<int?>("--processes")
        {
            Description = "Train in this many processes of this machine, which share every batch; needs Open MPI. Under mpirun, the option is left out (docs/distributed.md)",
            HelpName = "N",
        }.AtLeast(1);
        var maxWait = Time("--max-wait", "In several processes: end the training where a process waits longer than this for the others; 30m by default");
        var worker = new Option<bool>(LocalProcesses.Option) { Hidden = true };
        var dryRun = new Option<bool>("--dry-run") { Description = "Print what the training will do and cost, estimated from a few measured steps, and exit; for a batch of more than 256 images, a part is measured and the time is scaled" };
        var ranks = new Option<int?>("--ranks") { Description = "With --dry-run: also print what a step would cost in this many processes with a device each, by a model; by default as many as --processes names", HelpName = "N" }.AtLeast(1);
        var bandwidth = new Option<double>("--bandwidth") { Description = "With --ranks: what each process can send, in GB per second", DefaultValueFactory = _ => 10, HelpName = "GB" };
        bandwidth.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and < 1e6))
                result.AddError($"{bandwidth.Name}: must be above 0 and below 1e6.");
        });
        var compute = new ComputeOptions();
        var command = new Command("train",
            "Train a model as a config says. Ctrl-C, SIGTERM and --max-time save a checkpoint, from which --resume continues exactly;\n"
            + "the exit codes are 130, 143 and 124.\n"
            + "Example: tweedie train --config configs/fashion-mnist.yaml --set training.epochs=2 --out runs/try")
        { config, set, output, resume, allowChanges, maxTime, dryRun, processes, maxWait, ranks, bandwidth, compute.Device, compute.Threads, worker };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            if (parsed.GetValue(maxTime) is { } time)
                stop.CancelAfter(time);
            var (isDryRun, count) = (parsed.GetValue(dryRun), parsed.GetValue(processes));
            var run = new RunFolder(parsed.GetValue(output) ?? Path.Combine("runs", Path.GetFileNameWithoutExtension(parsed.GetRequiredValue(config))));
            if (parsed.GetValue(ranks) is not null && !isDryRun)
                throw new UsageException($"{ranks.Name} {parsed.GetValue(ranks)}: is for {dryRun.Name}; {processes.Name} trains in several processes.");
            if (count is not null && OpenMpi.IsStarted)
                throw new UsageException($"{processes.Name} {count}: starts the processes itself; leave it out under mpirun.");
            using var joined = OpenMpi.IsStarted && !isDryRun ? OpenMpi.Join(parsed.GetValue(maxWait) ?? DefaultWait) : null;
            using var line = parsed.GetValue(worker) ? new LiveLine(relayed: true) : new LiveLine();
            var group = joined is null ? ProcessGroup.Alone : new ProcessGroup(joined);
            try
            {
                if (count > 1 && !isDryRun)
                    return await LocalProcesses.RunAsync(count.Value, Words(parsed, processes, maxTime), "continue with --resume", line, stop.Token).ConfigureAwait(false);
                var asked = parsed.GetValue(worker) && group.IsFirst ? WorkerProcesses.UntilInputEnds(stop.Token) : stop.Token;
                var (document, read) = group.Together(() =>
                {
                    var document = Read(parsed.GetRequiredValue(config), parsed.GetValue(set) ?? []);
                    return (document, RunConfig.From(document));
                }, CancellationToken.None);
                var device = group.Together(() => compute.Open(parsed, joined is null ? null : OpenMpi.LocalRank), CancellationToken.None);
                using var session = document.ExplainPaths(() => TrainingSession.Open(
                    read, run, device, parsed.GetValue(resume), parsed.GetValue(allowChanges), isDryRun, joined, asked));
                string[] heading = [$"{run.Path}: {session.Summary}", .. document.PathWarnings.Concat(session.Warnings).Select(warning => $"warning: {warning}")];
                if (isDryRun)
                    Plan(session, heading, line, parsed.GetValue(ranks) ?? count, parsed.GetValue(bandwidth), asked);
                else if (group.IsFirst)
                    Run(session, heading, run, read, line, asked);
                else
                    session.Run(cancellation: asked);
                return ExitCodes.Success;
            }
            catch (OtherProcessException)
            {
                return ExitCodes.Failure; // that process says why
            }
            catch (TweedieException error) when (group.Size > 1)
            {
                var place = group.IsFirst && parsed.GetValue(worker) ? "" : $"process {group.Rank} on {Environment.MachineName}: ";
                Console.Error.WriteLine($"error: {place}{OptionWords.Of(error, command)}");
                return ExitCodes.Failure;
            }
            catch (OperationCanceledException) when (parsed.GetValue(worker))
            {
                return ExitCodes.Interrupted; // the process that started this one reports it
            }
            catch (OperationCanceledException)
            {
                var isInterrupted = group.Gather(cancellation.IsCancellationRequested).Contains(true);
                var left = !isDryRun && run.HasCheckpoint ? "continue with --resume" : "nothing was written";
                if (isInterrupted)
                    throw new InterruptedException(group.IsFirst ? $"{run.Path}: interrupted; {left}" : "");
                if (group.IsFirst)
                    Console.Error.WriteLine($"{run.Path}: stopped at --max-time; {left}");
                return ExitCodes.TimeLimit;
            }
        });
        return command;
    }

    private static Option<TimeSpan?> Time(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result =>
        {
            if (Duration.Parse(result.Tokens[0].Value) is { } time)
                return time;
            result.AddError($"{name}: '{result.Tokens[0].Value}' is not a time from 1s to 40d; give one such as 90s, 30m, 8h or 1d12h.");
            return null;
        },
    };

    // The command, without options that only the process that starts others needs.
    private static IEnumerable<string> Words(ParseResult parsed, params Option[] without)
    {
        var skip = false;
        foreach (var token in parsed.Tokens)
        {
            if (token.Type == TokenType.Option)
                skip = without.Any(option => option.Name == token.Value);
            if (!skip)
                yield return token.Value;
        }
    }

    private static ConfigDocument Read(string path, string[] changes)
    {
        var document = ConfigDocument.Load(path);
        foreach (var change in changes)
            document.Set(change);
        return document;
    }

    private static void Plan(TrainingSession session, string[] heading, LiveLine line, int? ranks, double gigabytes, CancellationToken cancellation)
    {
        var (plan, console) = (session.Plan(progress: new FeatureLine(line), cancellation: cancellation), Screen.Create());
        line.Clear();
        foreach (var text in heading)
            console.WriteLine(text);
        PlanTable.Print(console, plan);
        if (ranks is { } count)
            PlanTable.Print(console, ProcessPlan.Of(plan.MeasuredStep, session.Parameters, count, gigabytes * 1e9), gigabytes);
    }

    private static void Run(TrainingSession session, string[] heading, RunFolder run, RunConfig config, LiveLine line, CancellationToken cancellation)
    {
        var outcome = session.Run(new TrainingDisplay(line, heading, items: TrainingTotals.Items(config)), cancellation);
        foreach (var text in TrainingTotals.Lines(run, config, outcome, config is ClassificationRun ? CalibrationLine.Of(run.Model) : null))
            line.Print(text);
    }
}
