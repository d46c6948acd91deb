namespace Tweedie.Tokens;

/// <summary>A position of a row of tokens.</summary>
/// <param name="Name">Its name, such as the column of a table.</param>
/// <param name="Entries">The entry of each id, from 0. Several columns may share a list.</param>
public sealed record TokenColumn(string Name, IReadOnlyList<string> Entries);
