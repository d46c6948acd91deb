namespace Tweedie.Training;

/// <summary>What came out of a training.</summary>
/// <param name="Metrics">The last evaluation's metrics by name; empty without held-out items.</param>
/// <param name="Best">The best evaluation; null without held-out items.</param>
/// <param name="Images">Images of all steps, those before a resume included.</param>
/// <param name="Time">Time of all steps, without evaluations, that before a resume included.</param>
public sealed record TrainingOutcome(IReadOnlyDictionary<string, double> Metrics, BestEvaluation? Best, long Images, TimeSpan Time);
