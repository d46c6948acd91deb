using System.CommandLine;
using System.Globalization;

namespace Tweedie.Cli.Commands;

/// <summary>The options of <c>tweedie train</c>.</summary>
internal sealed class TrainOptions
{
    /// <summary>The value of <c>--processes auto</c>.</summary>
    public const int Auto = 0;

    /// <summary><c>--config</c></summary>
    public Option<string> Config { get; } = new("--config") { Description = "The run's YAML config", Required = true, HelpName = "FILE" };

    /// <summary><c>--set</c></summary>
    public Option<string[]> Set { get; } = new("--set")
    {
        Description = "Change a value of the config, such as training.epochs=3; may be repeated",
        AllowMultipleArgumentsPerToken = true,
        HelpName = "KEY=VALUE",
    };

    /// <summary><c>--out</c></summary>
    public Option<string?> Output { get; } = new("--out") { Description = "The run's folder; by default runs/ and the config's name", HelpName = "DIR" };

    /// <summary><c>--resume</c></summary>
    public Option<bool> Resume { get; } = new("--resume") { Description = "Continue from the newest checkpoint in the run's folder" };

    /// <summary><c>--allow-changes</c></summary>
    public Option<bool> AllowChanges { get; } = new("--allow-changes") { Description = "With --resume: continue with a config that changes the result" };

    /// <summary><c>--max-time</c></summary>
    public Option<TimeSpan?> MaxTime { get; } = Time("--max-time", "Stop after this time, such as 90s, 30m, 8h or 1d12h; the current step is finished and a checkpoint is saved");

    /// <summary><c>--processes</c></summary>
    public Option<int?> Processes { get; } = new("--processes")
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

    /// <summary><c>--collective</c></summary>
    public Option<JoinedProcesses.Kind> Collective { get; } = new Option<JoinedProcesses.Kind>("--collective")
    {
        Description = "What connects several processes: mpi, nccl for GPUs, or auto, which takes NCCL on GPUs where it is installed",
        HelpName = "KIND",
    }.OneOf();

    /// <summary><c>--max-wait</c></summary>
    public Option<TimeSpan?> MaxWait { get; } = Time("--max-wait", "In several processes: end the training where a process waits longer than this for the others; 30m by default");

    /// <summary><c>--dry-run</c></summary>
    public Option<bool> DryRun { get; } = new("--dry-run")
    {
        Description = "Print what the training will do and cost, estimated from a few measured steps, and exit; for a batch of more than 256 images, a part is measured and the time is scaled",
    };

    /// <summary><c>--ranks</c></summary>
    public Option<int?> Ranks { get; } = new Option<int?>("--ranks")
    {
        Description = "With --dry-run: also print what a step would cost in this many processes with a device each, by a model",
        HelpName = "N",
    }.AtLeast(1);

    /// <summary><c>--bandwidth</c></summary>
    public Option<double[]> Bandwidth { get; } = CreateBandwidth();

    /// <summary>The device and its threads.</summary>
    public ComputeOptions Compute { get; } = new();

    /// <summary>Hidden: this process was started by another, which relays what it prints.</summary>
    public Option<bool> Worker { get; } = new(LocalProcesses.Option) { Hidden = true };

    /// <summary>Hidden: this process tells the time of a step to the one that started it.</summary>
    public Option<bool> Tell { get; } = new(ProcessComparison.Option) { Hidden = true };

    /// <summary>All of them, in the order of the help.</summary>
    public IEnumerable<Option> All =>
        [Config, Set, Output, Resume, AllowChanges, MaxTime, DryRun, Processes, Collective, MaxWait, Ranks, Bandwidth, Compute.Device, Compute.Threads, Worker, Tell];

    private static Option<double[]> CreateBandwidth()
    {
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
        return bandwidth;
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
}
