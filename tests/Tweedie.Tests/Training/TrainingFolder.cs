using Tweedie.Tests.Formats;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Tests.Training;

/// <summary>The folder of one test's run, and what may be done with it.</summary>
internal sealed class TrainingFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TrainingFolder() => Run = new RunFolder(_folder.File("run"));

    public RunFolder Run { get; }

    public IEnumerable<string> Checkpoints => Directory.Exists(Run.Checkpoints)
        ? Directory.EnumerateFileSystemEntries(Run.Checkpoints).Select(path => Path.GetFileName(path)).Order() : [];

    public IReadOnlyDictionary<string, double> Train(RunConfig config, bool resume = false, Reports? reports = null, CancellationToken cancellation = default)
    {
        using var session = TrainingSession.Open(config, Run, CPU, resume);
        return session.Run(reports, cancellation);
    }

    /// <summary>Trains until the given step and stops there, as on Ctrl-C.</summary>
    public void TrainUntil(long step, RunConfig config, bool resume = false)
    {
        using var stop = new CancellationTokenSource();
        var train = () => Train(config, resume, Reports.After(step, stop.Cancel), stop.Token);
        train.Should().Throw<OperationCanceledException>();
    }

    /// <summary>The bytes of each file of the newest checkpoint, except state.json, and of the model.</summary>
    public Dictionary<string, byte[]> Weights()
    {
        var files = Directory.EnumerateFiles(Path.Combine(Run.Checkpoints, Checkpoints.Last()), "*.safetensors")
            .Append(Path.Combine(Run.Model, "model.safetensors"));
        return files.ToDictionary(path => Path.GetRelativePath(Run.Path, path), File.ReadAllBytes);
    }

    public void Dispose() => _folder.Dispose();
}
