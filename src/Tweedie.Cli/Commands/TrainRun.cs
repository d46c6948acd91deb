using System.CommandLine;
using System.CommandLine.Parsing;
using Spectre.Console;
using TorchSharp;
using Tweedie.Cli.Output;
using Tweedie.Configuration;
using Tweedie.Training;

namespace Tweedie.Cli.Commands;

/// <summary>A training, or the plan of one, as a command line asks for it.</summary>
/// <param name="options">The options of <c>tweedie train</c>.</param>
/// <param name="parsed">Their values.</param>
/// <param name="line">Shows the progress.</param>
internal sealed class TrainRun(TrainOptions options, ParseResult parsed, LiveLine line)
{
    private static readonly TimeSpan DefaultWait = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan LongTraining = TimeSpan.FromMinutes(10); // worth a comparison of several processes with one
    private static readonly TimeSpan LongStep = TimeSpan.FromSeconds(1); // of a large model, which gains from threads, and whose comparison would take long

    private readonly RunFolder _run = new(parsed.GetValue(options.Output) ?? Path.Combine("runs", Path.GetFileNameWithoutExtension(parsed.GetRequiredValue(options.Config))));
    private readonly bool _isDryRun = parsed.GetValue(options.DryRun), _isWorker = parsed.GetValue(options.Worker);

    /// <summary>Trains, or prints the plan.</summary>
    /// <param name="interruption">Is cancelled by a signal.</param>
    /// <param name="stop">Is cancelled by a signal or when <c>--max-time</c> is over.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="InterruptedException">A signal came.</exception>
    public async Task<int> RunAsync(CancellationToken interruption, CancellationToken stop)
    {
        var count = parsed.GetValue(options.Processes);
        if (parsed.GetValue(options.Ranks) is not null && !_isDryRun)
            throw new UsageException($"{options.Ranks.Name} {parsed.GetValue(options.Ranks)}: is for {options.DryRun.Name}; {options.Processes.Name} trains in several processes.");
        if (count is not null && JoinedProcesses.DeviceNumber is not null)
            throw new UsageException($"{options.Processes.Name} {(count == TrainOptions.Auto ? "auto" : count)}: starts the processes itself; leave it out under mpirun and torchrun.");
        using var joined = new JoinedProcesses(parsed.GetValue(options.Collective), parsed.GetValue(options.MaxWait) ?? DefaultWait);
        try
        {
            if (count == TrainOptions.Auto && !_isDryRun)
                count = parsed.GetValue(options.Resume) && _run.Processes is { } before ? before : await ChooseAsync(stop).ConfigureAwait(false);
            return count > 1
                ? await LocalProcesses.RunAsync(count.Value, Words(options.Processes, options.MaxTime), "continue with --resume", line, stop).ConfigureAwait(false)
                : await TrainAsync(joined, stop).ConfigureAwait(false);
        }
        catch (OtherProcessException)
        {
            return ExitCodes.Failure; // that process says why
        }
        catch (TweedieException error) when (joined.Group.Size > 1)
        {
            var place = joined.Group.IsFirst && _isWorker ? "" : $"process {joined.Group.Rank} on {Environment.MachineName}: ";
            Console.Error.WriteLine($"error: {place}{OptionWords.Of(error, parsed.CommandResult.Command)}");
            return ExitCodes.Failure;
        }
        catch (OperationCanceledException) when (_isWorker)
        {
            return ExitCodes.Interrupted; // the process that started this one reports it
        }
        catch (OperationCanceledException)
        {
            var isInterrupted = joined.Group.Gather(interruption.IsCancellationRequested).Contains(true);
            var left = !_isDryRun && _run.HasCheckpoint ? "continue with --resume" : "nothing was written";
            if (isInterrupted)
                throw new InterruptedException(joined.Group.IsFirst ? $"{_run.Path}: interrupted; {left}" : "");
            if (joined.Group.IsFirst)
                Console.Error.WriteLine($"{_run.Path}: stopped at --max-time; {left}");
            return ExitCodes.TimeLimit;
        }
    }

    // In this process, alone or as one of several.
    private async Task<int> TrainAsync(JoinedProcesses joined, CancellationToken stop)
    {
        stop = _isWorker && joined.Group.IsFirst ? WorkerProcesses.UntilInputEnds(stop) : stop;
        var (document, config) = joined.Group.Together(() =>
        {
            var document = Read();
            return (document, RunConfig.From(document));
        }, CancellationToken.None);
        var device = joined.Group.Together(() => options.Compute.Open(parsed, JoinedProcesses.DeviceNumber), CancellationToken.None);
        var (connected, slow) = joined.Connect(device);
        using var session = document.ExplainPaths(() => TrainingSession.Open(
            config, _run, device, parsed.GetValue(options.Resume), parsed.GetValue(options.AllowChanges), _isDryRun, connected, stop));
        string?[] warnings = [slow, .. document.PathWarnings, .. session.Warnings];
        string[] heading = [$"{_run.Path}: {session.Summary}", .. warnings.OfType<string>().Select(warning => $"warning: {warning}")];
        if (_isDryRun)
        {
            var plan = Plan(session, heading, joined.Group, stop);
            if (device.type == DeviceType.CPU && joined.Group.Size == 1 && !_isWorker)
                await CompareAsync(plan, config.Training, stop).ConfigureAwait(false);
        }
        else if (joined.Group.IsFirst)
            Train(session, heading, config, stop);
        else
            session.Run(cancellation: stop);
        return ExitCodes.Success;
    }

    private void Train(TrainingSession session, string[] heading, RunConfig config, CancellationToken stop)
    {
        var outcome = session.Run(new TrainingDisplay(line, heading, items: TrainingTotals.Items(config)), stop);
        foreach (var text in TrainingTotals.Lines(_run, config, outcome, config is ClassificationRun ? CalibrationLine.Of(_run.Model) : null))
            line.Print(text);
    }

    private TrainingPlan Plan(TrainingSession session, string[] heading, ProcessGroup group, CancellationToken stop)
    {
        var plan = session.Plan(progress: new FeatureLine(line), cancellation: stop);
        if (!group.IsFirst)
            return plan;
        if (parsed.GetValue(options.Tell))
            ProcessComparison.Tell(plan.MeasuredStep);
        var console = Screen.Create();
        line.Clear();
        foreach (var text in heading)
            console.WriteLine(text);
        PlanTable.Print(console, plan, group.Size);
        var gigabytes = parsed.GetRequiredValue(options.Bandwidth);
        if (parsed.GetValue(options.Ranks) is { } ranks)
            PlanTable.Print(console, gigabytes, [.. gigabytes.Select(speed => ProcessPlan.Of(plan.MeasuredStep * group.Size, session.GradientBytes, ranks, speed * 1e9))]);
        return plan;
    }

    // In how many processes to train.
    private async Task<int> ChooseAsync(CancellationToken stop)
    {
        var training = RunConfig.From(Read()).Training;
        if (options.Compute.Open(parsed).type != DeviceType.CPU)
            throw new UsageException($"{options.Processes.Name} auto: chooses on the CPU only; give a number of processes, or {options.Compute.Device.Name} cpu.");
        var measured = await MeasureAsync(training, one: null, stop).ConfigureAwait(false);
        line.Print(measured is null ? $"one process: this machine has cores for one, or several cannot share a batch of {training.BatchSize} evenly"
            : $"{(measured.Best == 1 ? "one process" : $"{measured.Best} processes")}: {measured.Text}");
        return measured?.Best ?? 1;
    }

    // Says in a dry run whether several processes are faster, if that was asked for or may save much time.
    private async Task CompareAsync(TrainingPlan plan, TrainingOptions training, CancellationToken stop)
    {
        var asked = parsed.GetValue(options.Processes);
        var isWorthwhile = plan.EstimatedTime >= LongTraining && plan.MeasuredStep <= LongStep && parsed.GetValue(options.Compute.Threads) is null && asked is null;
        if (asked != TrainOptions.Auto && !(isWorthwhile && LocalProcesses.IsInstalled()))
            return;
        if (await MeasureAsync(training, plan.MeasuredStep, stop).ConfigureAwait(false) is not { } measured)
            return;
        line.Print(measured.Text);
        if (measured.Best > 1)
            line.Print($"{options.Processes.Name} {measured.Best} would take {Screen.Duration(measured.Processes * plan.TotalSteps)} instead of {Screen.Duration(plan.EstimatedTime)}, and gives the weights of one process with training.accumulation={Math.Max(measured.Best, training.Accumulation)}");
    }

    private async Task<ProcessComparison?> MeasureAsync(TrainingOptions training, TimeSpan? one, CancellationToken stop)
    {
        var cores = ProcessComparison.CountFor(training);
        string[] threads = parsed.GetValue(options.Compute.Threads) is { } number ? [options.Compute.Threads.Name, $"{number}"] : [];
        string[] words = [.. Words(options.Processes, options.MaxTime, options.DryRun, options.Ranks, options.Bandwidth, options.Compute.Threads), options.DryRun.Name];
        return cores == 1 ? null : await ProcessComparison.MeasureAsync(cores, words, threads, one, stop).ConfigureAwait(false);
    }

    private ConfigDocument Read()
    {
        var document = ConfigDocument.Load(parsed.GetRequiredValue(options.Config));
        foreach (var change in parsed.GetValue(options.Set) ?? [])
            document.Set(change);
        return document;
    }

    // The command, without options that only the process that starts others needs.
    private IEnumerable<string> Words(params Option[] without)
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
}
