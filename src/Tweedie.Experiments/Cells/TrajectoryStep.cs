namespace Tweedie.Experiments.Cells;

/// <summary>One step of a shown trajectory.</summary>
/// <param name="Timestep">t, 0..T−1.</param>
/// <param name="AlphaBar">ᾱ_t.</param>
/// <param name="Choice">The class chosen at this step.</param>
/// <param name="Probabilities">The probabilities of the shown classes.</param>
public sealed record TrajectoryStep(int Timestep, double AlphaBar, string Choice, IReadOnlyList<double> Probabilities);
