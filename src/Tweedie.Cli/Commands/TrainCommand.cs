using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Spectre.Console;
using TorchSharp;
using Tweedie.Cli.Output;
using Tweedie.Configuration;
using Tweedie.Training;

namespace Tweedie.Cli.Commands;

/// <summary><c>tweedie train</c>.</summary>
internal static class TrainCommand
{
    private const int Auto = 0; // --processes auto
    private static readonly TimeSpan DefaultWait = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan LongTraining = TimeSpan.FromMinutes(10); // worth a comparison of several processes with one
    private static readonly TimeSpan LongStep = TimeSpan.FromSeconds(1); // of a large model, which gains from threads, and whose comparison would take long

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
        var processes = Processes();
        var collective = new Option<JoinedProcesses.Kind>("--collective")
        {
            Description = "What connects several processes: mpi, nccl for GPUs, or auto, which takes NCCL on GPUs where it is installed",
            HelpName = "KIND",
        }.OneOf();
        var maxWait = Time("--max-wait", "In several processes: end the training where a process waits longer than this for the others; 30m by default");
        var worker = new Option<bool>(LocalProcesses.Option) { Hidden = true };
        var tell = new Option<bool>(ProcessComparison.Option) { Hidden = true };
        var dryRun = new Option<bool>("--dry-run") { Description = "Print what the training will do and cost, estimated from a few measured steps, and exit; for a batch of more than 256 images, a part is measured and the time is scaled" };
        var ranks = new Option<int?>("--ranks") { Description = "With --dry-run: also print what a step would cost in this many processes with a device each, by a model", HelpName = "N" }.AtLeast(1);
        var bandwidth = new Option<double[]>("--bandwidth")
        {
            Description = "With --ranks: what each process can send, in GB per second; several values are compared; 10 by default",
            DefaultValueFactory = _ => [10],
            AllowMultipleArgumentsPerToken = true,
            HelpName = "GB",
        };
        bandwidth.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double[]>()?.All(value => value is > 0 and < 1e6) != true)
                result.AddError($"{bandwidth.Name}: must be above 0 and below 1e6.");
        });
        var compute = new ComputeOptions();
        var command = new Command("train",
            "Train a model as a config says. Ctrl-C, SIGTERM and --max-time save a checkpoint, from which --resume continues exactly;\n"
            + "the exit codes are 130, 143 and 124.\n"
            + "Example: tweedie train --config configs/fashion-mnist.yaml --set training.epochs=2 --out runs/try")
        { config, set, output, resume, allowChanges, maxTime, dryRun, processes, collective, maxWait, ranks, bandwidth, compute.Device, compute.Threads, worker, tell };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            if (parsed.GetValue(maxTime) is { } time)
                stop.CancelAfter(time);
            var (isDryRun, count) = (parsed.GetValue(dryRun), parsed.GetValue(processes));
            var run = new RunFolder(parsed.GetValue(output) ?? Path.Combine("runs", Path.GetFileNameWithoutExtension(parsed.GetRequiredValue(config))));
            if (parsed.GetValue(ranks) is not null && !isDryRun)
                throw new UsageException($"{ranks.Name} {parsed.GetValue(ranks)}: is for {dryRun.Name}; {processes.Name} trains in several processes.");
            if (count is not null && JoinedProcesses.DeviceNumber is not null)
                throw new UsageException($"{processes.Name} {(count == Auto ? "auto" : count)}: starts the processes itself; leave it out under mpirun and torchrun.");
            using var joined = new JoinedProcesses(parsed.GetValue(collective), parsed.GetValue(maxWait) ?? DefaultWait);
            using var line = parsed.GetValue(worker) ? new LiveLine(relayed: true) : new LiveLine();
            var group = joined.Group;
            try
            {
                if (count == Auto && !isDryRun)
                    count = parsed.GetValue(resume) && run.Processes is { } before ? before : await ChooseAsync().ConfigureAwait(false);
                if (count > 1)
                    return await LocalProcesses.RunAsync(count.Value, Words(parsed, processes, maxTime), "continue with --resume", line, stop.Token).ConfigureAwait(false);
                var asked = parsed.GetValue(worker) && group.IsFirst ? WorkerProcesses.UntilInputEnds(stop.Token) : stop.Token;
                var (document, read) = group.Together(() =>
                {
                    var document = Read(parsed.GetRequiredValue(config), parsed.GetValue(set) ?? []);
                    return (document, RunConfig.From(document));
                }, CancellationToken.None);
                var device = group.Together(() => compute.Open(parsed, JoinedProcesses.DeviceNumber), CancellationToken.None);
                var (connected, slow) = joined.Connect(device);
                group = joined.Group;
                using var session = document.ExplainPaths(() => TrainingSession.Open(
                    read, run, device, parsed.GetValue(resume), parsed.GetValue(allowChanges), isDryRun, connected, asked));
                string?[] warnings = [slow, .. document.PathWarnings, .. session.Warnings];
                string[] heading = [$"{run.Path}: {session.Summary}", .. warnings.OfType<string>().Select(warning => $"warning: {warning}")];
                if (isDryRun)
                {
                    var plan = Plan(session, heading, line, group, parsed.GetValue(ranks), parsed.GetRequiredValue(bandwidth), parsed.GetValue(tell), asked);
                    if (device.type == DeviceType.CPU && group.Size == 1 && !parsed.GetValue(worker))
                        await CompareAsync(plan, read.Training).ConfigureAwait(false);
                }
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

            // In how many processes to train.
            async Task<int> ChooseAsync()
            {
                var training = RunConfig.From(Read(parsed.GetRequiredValue(config), parsed.GetValue(set) ?? [])).Training;
                if (compute.Open(parsed).type != DeviceType.CPU)
                    throw new UsageException($"{processes.Name} auto: chooses on the CPU only; give a number of processes, or {compute.Device.Name} cpu.");
                var measured = await MeasureAsync(training, one: null).ConfigureAwait(false);
                line.Print(measured is null ? $"one process: this machine has cores for one, or several cannot share a batch of {training.BatchSize} evenly"
                    : $"{(measured.Best == 1 ? "one process" : $"{measured.Best} processes")}: {measured.Text}");
                return measured?.Best ?? 1;
            }

            // Says in a dry run whether several processes are faster, if that was asked for or may save much time.
            async Task CompareAsync(TrainingPlan plan, TrainingOptions training)
            {
                var isWorthwhile = plan.EstimatedTime >= LongTraining && plan.MeasuredStep <= LongStep && parsed.GetValue(compute.Threads) is null && count is null;
                if (count != Auto && !(isWorthwhile && LocalProcesses.IsInstalled()))
                    return;
                if (await MeasureAsync(training, plan.MeasuredStep).ConfigureAwait(false) is not { } measured)
                    return;
                line.Print(measured.Text);
                if (measured.Best > 1)
                    line.Print($"{processes.Name} {measured.Best} would take {Screen.Duration(measured.Processes * plan.TotalSteps)} instead of {Screen.Duration(plan.EstimatedTime)}, and gives the weights of one process with training.accumulation={Math.Max(measured.Best, training.Accumulation)}");
            }

            async Task<ProcessComparison?> MeasureAsync(TrainingOptions training, TimeSpan? one)
            {
                var cores = ProcessComparison.CountFor(training);
                string[] threads = parsed.GetValue(compute.Threads) is { } number ? [compute.Threads.Name, $"{number}"] : [];
                return cores == 1 ? null : await ProcessComparison.MeasureAsync(
                    cores, [.. Words(parsed, processes, maxTime, dryRun, ranks, bandwidth, compute.Threads), dryRun.Name], threads, one, stop.Token).ConfigureAwait(false);
            }
        });
        return command;
    }

    private static Option<int?> Processes() => new("--processes")
    {
        Description = "Train in this many processes of this machine, which share every batch; auto measures whether as many processes as cores are faster than one. "
            + "Needs Open MPI. Under mpirun, the option is left out (docs/distributed.md)",
        HelpName = "N",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (text == "auto")
                return Auto;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1)
                return number;
            result.AddError($"--processes: '{text}' is not a number from 1 on, and not auto.");
            return null;
        },
    };

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

    private static TrainingPlan Plan(
        TrainingSession session, string[] heading, LiveLine line, ProcessGroup group, int? ranks, IReadOnlyList<double> gigabytes, bool tells, CancellationToken cancellation)
    {
        var plan = session.Plan(progress: new FeatureLine(line), cancellation: cancellation);
        if (!group.IsFirst)
            return plan;
        if (tells)
            ProcessComparison.Tell(plan.MeasuredStep);
        var console = Screen.Create();
        line.Clear();
        foreach (var text in heading)
            console.WriteLine(text);
        PlanTable.Print(console, plan, group.Size);
        if (ranks is { } count)
            PlanTable.Print(console, gigabytes, [.. gigabytes.Select(speed => ProcessPlan.Of(plan.MeasuredStep * group.Size, session.GradientBytes, count, speed * 1e9))]);
        return plan;
    }

    private static void Run(TrainingSession session, string[] heading, RunFolder run, RunConfig config, LiveLine line, CancellationToken cancellation)
    {
        var outcome = session.Run(new TrainingDisplay(line, heading, items: TrainingTotals.Items(config)), cancellation);
        foreach (var text in TrainingTotals.Lines(run, config, outcome, config is ClassificationRun ? CalibrationLine.Of(run.Model) : null))
            line.Print(text);
    }
}
