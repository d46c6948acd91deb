namespace Tweedie.Experiments.Cells;

/// <summary>A finished cell on disk.</summary>
/// <typeparam name="TResult">The type of its result.</typeparam>
/// <param name="Title">Its title.</param>
/// <param name="Identity">Everything that decides the result, as text.</param>
/// <param name="Seconds">How long the work took, in the process that finished it.</param>
/// <param name="Result">The result.</param>
public sealed record CellRecord<TResult>(string Title, string Identity, double Seconds, TResult Result);
