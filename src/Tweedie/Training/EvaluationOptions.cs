using System.ComponentModel.DataAnnotations;
using Tweedie.Configuration;
using Tweedie.Metrics;

namespace Tweedie.Training;

/// <summary>Evaluation on the held-out part during training.</summary>
public sealed record EvaluationOptions : IValidatableObject
{
    /// <summary>Epochs between two evaluations; 0 evaluates after the last epoch only.</summary>
    [Range(0, 1_000_000)]
    public int EveryEpochs { get; init; } = 1;

    /// <summary>Numbers of sampling steps to evaluate, at most the model's timesteps; no choice for an autoregressive model.</summary>
    [MinLength(1), Range(1, 100_000)]
    public IReadOnlyList<int> Steps { get; init; } = [1, 20];

    /// <summary>Guidance scale; by default the model's own, <c>model.sampling.guidance</c> or 1.</summary>
    [Range(0.0, 100.0)]
    public double? Guidance { get; init; }

    /// <summary>Images per batch.</summary>
    [Range(1, 1_000_000)]
    public int BatchSize { get; init; } = 500;

    /// <summary>Which model a run's <c>model/</c> is; the other one lies beside it, in <c>model-last/</c> or <c>model-best/</c>.</summary>
    public KeptModel Keep { get; init; } = KeptModel.Best;

    /// <summary>
    /// The metric by which a model is the best: a name in the table of metrics (<see cref="MetricInfo"/>), such as <c>top1</c>, or one with the setting that it is
    /// measured with, such as <c>top1.20steps.consensus</c>. A name alone means the last setting of the log. By default the task's own: <c>top1</c> for classifiers,
    /// <c>ciderD</c> for captioners, <c>imageToText.top1</c> for CLIP.
    /// </summary>
    public string? Metric { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Metric is not { } name || MetricInfo.Find(name) is { IsHigherBetter: not null })
            yield break;
        var meant = NearestName.Find(name, MetricInfo.Choosing) is { } near ? $" (did you mean {near}?)" : "";
        yield return new ValidationResult($"does not tell which model is better{meant}; use one of {string.Join(", ", MetricInfo.Choosing)}", [nameof(Metric)]);
    }
}

/// <summary>Which of a training's models is kept as its model.</summary>
public enum KeptModel
{
    /// <summary>The best by <see cref="EvaluationOptions.Metric"/>; without held-out items, the last.</summary>
    Best,
    /// <summary>The one of the last evaluation.</summary>
    Last,
}
