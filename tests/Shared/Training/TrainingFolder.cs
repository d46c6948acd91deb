using System.Security.Cryptography;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Tests.Training;

/// <summary>The folder of one test's run, with operations on it.</summary>
internal sealed class TrainingFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TrainingFolder() => Run = new RunFolder(_folder.File("run"));

    public RunFolder Run { get; }

    public IEnumerable<string> Checkpoints => Directory.Exists(Run.Checkpoints)
        ? Directory.EnumerateFileSystemEntries(Run.Checkpoints).Select(path => Path.GetFileName(path)).Order() : [];

    public IReadOnlyDictionary<string, double> Train(RunConfig config, bool resume = false, Reports? reports = null, bool allowChanges = false, ICollective? collective = null,
        CancellationToken cancellation = default)
    {
        using var session = TrainingSession.Open(config, Run, CPU, resume, allowChanges, collective: collective, cancellation: cancellation);
        return session.Run(reports, cancellation).Metrics;
    }

    /// <summary>Trains in several processes; those after the first have no folder.</summary>
    /// <returns>The metrics that each process was given.</returns>
    public IReadOnlyDictionary<string, double>[] Train(int processes, RunConfig config, bool resume = false, Reports? reports = null, Func<int, CancellationToken>? cancellation = null,
        Func<int, ICollective>? connect = null) => TurnTaking.Run(processes, collective =>
        {
            using var none = new TrainingFolder();
            var first = collective.Rank == 0;
            var metrics = (first ? this : none).Train(config, resume, first ? reports : null, collective: collective, cancellation: cancellation?.Invoke(collective.Rank) ?? default);
            if (!first)
                Directory.Exists(none.Run.Path).Should().BeFalse("only the first process writes");
            return metrics;
        }, connect);

    /// <summary>Trains until the given step and stops there, as on Ctrl-C.</summary>
    /// <param name="step">The step.</param>
    /// <param name="config">The run.</param>
    /// <param name="resume">Whether to continue.</param>
    /// <param name="processes">How many processes train together.</param>
    /// <param name="stopped">The process that is asked to stop.</param>
    /// <param name="reports">Receives the reports.</param>
    public void TrainUntil(long step, RunConfig config, bool resume = false, int processes = 1, int stopped = 0, Reports? reports = null)
    {
        using var stop = new CancellationTokenSource();
        var act = Reports.After(step, stop.Cancel);
        var both = new Reports(report =>
        {
            act.Report(report);
            reports?.Report(report);
        }, keep: false);
        Action train = processes == 1 ? () => Train(config, resume, both, cancellation: stop.Token)
            : () => Train(processes, config, resume, both, rank => rank == stopped ? stop.Token : default);
        train.Should().Throw<OperationCanceledException>();
    }

    /// <summary>The bytes of the weights' and moments' files of the newest checkpoint, and of the model.</summary>
    public Dictionary<string, byte[]> Weights()
    {
        var newest = new CheckpointStore(Run.Checkpoints, keep: 2).Latest!;
        var files = Directory.EnumerateFiles(newest, "*.safetensors")
            .Append(Path.Combine(Run.Model, "model.safetensors"));
        return files.ToDictionary(path => Path.GetRelativePath(Run.Path, path), File.ReadAllBytes);
    }

    /// <summary>The hash of every file of the run by path.</summary>
    public Dictionary<string, string> Snapshot() => Directory.EnumerateFiles(Run.Path, "*", SearchOption.AllDirectories)
        .ToDictionary(path => path, path => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path))));

    public void Dispose() => _folder.Dispose();
}
