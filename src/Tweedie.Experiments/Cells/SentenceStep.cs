namespace Tweedie.Experiments.Cells;

/// <summary>The sentence at one step.</summary>
/// <param name="Timestep">t, 0..T−1.</param>
/// <param name="Sentence">What the chosen tokens say, up to the end token.</param>
public sealed record SentenceStep(int Timestep, string Sentence);
