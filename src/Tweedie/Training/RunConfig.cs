using Tweedie.Configuration;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>A training run as its config file describes it; the key <c>task</c> names its kind (<see cref="TrainingTasks"/>).</summary>
public abstract record RunConfig
{
    /// <summary>The name of the task: what is trained.</summary>
    public abstract string Task { get; init; }

    /// <summary>The run's seed: initial weights, order, augmentation, timesteps and noise follow from it.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>How it is trained.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>How it is evaluated during training.</summary>
    [ChangeableOnResume]
    public EvaluationOptions Evaluation { get; init; } = new();

    /// <summary>The licence of the training data, for the card that is written into the model's folder (<see cref="Models.ModelCard"/>).</summary>
    [ChangeableOnResume]
    public string? DataLicense { get; init; }

    /// <summary>The run that a config file describes.</summary>
    /// <exception cref="TweedieException">The task is unknown, or a key or value is not valid for it.</exception>
    public static RunConfig From(ConfigDocument document) => TrainingTasks.Read(document);

    /// <summary>Opens the data and creates the networks from the run's seed.</summary>
    /// <param name="device">Where to train.</param>
    /// <param name="cancellation">Ends the opening of the data, which may take long.</param>
    /// <exception cref="TweedieException">The data cannot be opened or do not fit the model, or the model could not be loaded again.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public abstract ITrainingTask CreateTask(Device device, CancellationToken cancellation = default);
}
