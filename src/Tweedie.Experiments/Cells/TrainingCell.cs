using Tweedie.Configuration;
using Tweedie.Training;

namespace Tweedie.Experiments.Cells;

/// <summary>Trains a model. A training that was interrupted continues at its newest checkpoint, to the same weights.</summary>
/// <param name="Config">The run.</param>
/// <param name="Name">Its title without the seed.</param>
public sealed record TrainingCell(RunConfig Config, string Name) : ICell<TrainingResult>
{
    /// <inheritdoc/>
    public string Kind => "training";

    /// <inheritdoc/>
    public string Title => $"{Name}, seed {Config.Seed}";

    /// <inheritdoc/>
    public string Identity { get; } = ConfigWriter.ToYaml(Config);

    /// <inheritdoc/>
    public TrainingCell Model => this;

    /// <inheritdoc/>
    public TrainingResult Run(CellContext context, CancellationToken cancellation)
    {
        var run = context.RunOf(this);
        using var session = TrainingSession.Open(Config, run, context.Device, resume: run.HasCheckpoint, cancellation: cancellation);
        session.Run(context.TrainingProgress, cancellation);
        return TrainingResult.Read(run, Config.Training, session.Parameters);
    }
}
