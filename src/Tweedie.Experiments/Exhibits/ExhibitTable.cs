namespace Tweedie.Experiments.Exhibits;

/// <summary>A table of text.</summary>
/// <param name="Caption">What it shows.</param>
/// <param name="Columns">The columns' titles; the first column names the rows.</param>
/// <param name="Rows">The rows, one text per column.</param>
public sealed record ExhibitTable(string Caption, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);
