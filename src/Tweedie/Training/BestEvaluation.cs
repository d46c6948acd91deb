namespace Tweedie.Training;

/// <summary>The evaluation that gave a training's best model.</summary>
public sealed record BestEvaluation
{
    /// <summary>The metric, with the setting that it was measured with, such as <c>top1.20steps.consensus</c>.</summary>
    public string Metric { get; init; } = "";

    /// <summary>Its value.</summary>
    public double Value { get; init; }

    /// <summary>Steps done by then.</summary>
    public long Step { get; init; }
}
