namespace Tweedie.Sampling;

/// <summary>A step of the reverse process in plain arrays, indexed by item, then by token.</summary>
/// <param name="Index">0-based number of the step.</param>
/// <param name="Count">Number of steps of the plan.</param>
/// <param name="Timestep">t, 0..T−1.</param>
/// <param name="AlphaBar">ᾱ_t of the state that the network saw.</param>
/// <param name="IsLast">Whether its tokens are the result.</param>
/// <param name="Tokens">The chosen tokens: B rows of N.</param>
/// <param name="Hidden">Whether each token is undecided after the step: B rows of N. Null where all tokens share one level.</param>
/// <param name="Entries">The most probable entries of each token, best first: B rows of N lists; empty where none were asked for.</param>
/// <param name="Probabilities">Their probabilities.</param>
public sealed record StepSnapshot(
    int Index, int Count, int Timestep, double AlphaBar, bool IsLast, IReadOnlyList<long[]> Tokens, IReadOnlyList<bool[]>? Hidden,
    IReadOnlyList<long[][]> Entries, IReadOnlyList<float[][]> Probabilities);
