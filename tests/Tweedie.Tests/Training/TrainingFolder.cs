using System.Security.Cryptography;
using Tweedie.Tests.Formats;
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

    public IReadOnlyDictionary<string, double> Train(RunConfig config, bool resume = false, Reports? reports = null, bool allowChanges = false, CancellationToken cancellation = default)
    {
        using var session = TrainingSession.Open(config, Run, CPU, resume, allowChanges, cancellation: cancellation);
        return session.Run(reports, cancellation).Metrics;
    }

    /// <summary>Trains until the given step and stops there, as on Ctrl-C.</summary>
    public void TrainUntil(long step, RunConfig config, bool resume = false)
    {
        using var stop = new CancellationTokenSource();
        var train = () => Train(config, resume, Reports.After(step, stop.Cancel), cancellation: stop.Token);
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
