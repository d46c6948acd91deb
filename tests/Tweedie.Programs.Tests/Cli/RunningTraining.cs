namespace Tweedie.Tests.Cli;

/// <summary>A training in a process of its own.</summary>
internal sealed class RunningTraining(string run, bool ignoresInterrupts, string[] arguments)
    : RunningCommand(CommandLine.Start(["train", .. arguments, "--out", run], ignoresInterrupts: ignoresInterrupts))
{
    public RunningTraining(string run, params string[] arguments) : this(run, ignoresInterrupts: false, arguments)
    {
    }

    /// <summary>Waits until it holds its run's folder: config and data are read, the networks built.</summary>
    public void WaitUntilItTrains() => WaitUntil(() => File.Exists(Path.Combine(run, "pid")) && ReadPid() == ProcessId);

    private int? ReadPid()
    {
        try
        {
            return int.TryParse(File.ReadAllText(Path.Combine(run, "pid")).Split(' ')[0], out var pid) ? pid : null;
        }
        catch (IOException)
        {
            return null; // it is just being replaced
        }
    }
}
