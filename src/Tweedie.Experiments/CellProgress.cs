namespace Tweedie.Experiments;

/// <summary>A report of a running reproduction.</summary>
/// <param name="Number">The cell's 1-based number.</param>
/// <param name="Count">Number of cells.</param>
/// <param name="Title">What the cell is.</param>
/// <param name="Taken">How long it took; null when it begins, zero when it was finished before.</param>
public sealed record CellProgress(int Number, int Count, string Title, TimeSpan? Taken);
