namespace Tweedie.Experiments.Cells;

/// <summary>What a step predicts, averaged over the test items.</summary>
/// <param name="Timestep">t, 0..T−1.</param>
/// <param name="AlphaBar">ᾱ_t.</param>
/// <param name="Accuracy">Share of items whose choice at this step is right.</param>
/// <param name="Sorted">The mean of the sorted distributions: the largest probability, the second largest, … (at most 20).</param>
public sealed record StepSummary(int Timestep, double AlphaBar, double Accuracy, IReadOnlyList<double> Sorted);
