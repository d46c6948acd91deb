namespace Tweedie.Experiments.Statistics;

/// <summary>Predictions of about the same confidence.</summary>
/// <param name="Count">How many.</param>
/// <param name="Confidence">The sum of their probabilities.</param>
/// <param name="Correct">How many are right.</param>
public sealed record ReliabilityBin(int Count, double Confidence, int Correct);
