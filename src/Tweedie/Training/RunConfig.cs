using Tweedie.Configuration;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>A training run as its config file describes it; the key <c>task</c> says which of the records below this one it is.</summary>
public abstract record RunConfig
{
    /// <summary>What is trained.</summary>
    public abstract TaskKind Task { get; init; }

    /// <summary>The run's seed: initial weights, order, augmentation, timesteps and noise follow from it.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>How it is trained.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>How it is evaluated during training.</summary>
    [ChangeableOnResume]
    public EvaluationOptions Evaluation { get; init; } = new();

    /// <summary>The run that a config file describes.</summary>
    /// <exception cref="TweedieException">The task is unknown, or a key or value is not valid for it.</exception>
    public static RunConfig From(ConfigDocument document) => document.Kind("task", TaskKind.Classification) switch
    {
        TaskKind.Classification => document.Bind<ClassificationRun>(),
        TaskKind.Caption => document.Bind<CaptionRun>(),
        TaskKind.Clip => document.Bind<ClipRun>(),
        var other => throw new NotSupportedException($"Unknown task {other}."),
    };

    /// <summary>Opens the data and creates the networks from the run's seed.</summary>
    /// <exception cref="TweedieException">The data cannot be opened or do not fit the model.</exception>
    public abstract ITrainingTask CreateTask(Device device);
}
