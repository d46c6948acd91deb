using Tweedie.Metrics;
using Tweedie.Models;
using Tweedie.Tensors;
using Tweedie.Tokens;

namespace Tweedie.Evaluation;

/// <summary>
/// Real rows that generated ones are held against. A part of them, as many as are generated, is measured against the others as if it were generated: what the data
/// themselves reach.
/// </summary>
public sealed class RealRows
{
    private readonly Func<long[], IReadOnlyList<string>> _symbols;
    private readonly GeneratedRows? _law;
    private readonly GenerationQuality _own;

    private RealRows(ITokenRowSource rows, int count, Func<long[], IReadOnlyList<string>> symbols)
    {
        if (rows.Count < 2)
            throw new TweedieException($"'{rows.Name}': has {rows.Count} row, and generated rows are held against at least two; give more data.");
        (_symbols, _law) = (symbols, rows as GeneratedRows);
        var measured = RowTensors.Spread(rows, Math.Min(count, rows.Count / 2)).ToHashSet();
        Reference = new NGramReference(Enumerable.Range(0, rows.Count).Where(index => !measured.Contains(index)).Select(index => symbols(Read(rows, index))));
        _own = new GenerationQuality(this);
        foreach (var index in measured.Order())
            _own.Add(Read(rows, index));
        Measured = measured.Count;
    }

    /// <summary>Windows of a text. Their symbols are words, without the first and the last of each window, which its ends may have cut.</summary>
    /// <param name="generator">The generator.</param>
    /// <param name="windows">Real windows.</param>
    /// <param name="count">How many texts are generated.</param>
    /// <exception cref="TweedieException">There are fewer than two windows, or they cannot be read.</exception>
    public static RealRows Of(TextGenerator generator, ITokenRowSource windows, int count)
    {
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentNullException.ThrowIfNull(windows);
        return new(windows, count, row => generator.Tokenizer.Decode([.. row.Select(id => (int)id)])
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is { Length: > 2 } words ? words[1..^1] : []);
    }

    /// <summary>Rows of a table. Their symbols are cells.</summary>
    /// <param name="generator">The generator.</param>
    /// <param name="rows">Real rows.</param>
    /// <param name="count">How many rows are generated.</param>
    /// <exception cref="TweedieException">There are fewer than two rows, or they cannot be read.</exception>
    public static RealRows Of(RowGenerator generator, ITokenTable rows, int count)
    {
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentNullException.ThrowIfNull(rows);
        return new(rows, count, row => [.. generator.Columns.Decode(row).Select(entry => entry ?? "")]);
    }

    /// <summary>The number of real rows that are measured themselves.</summary>
    public int Measured { get; }

    /// <summary>The scores of these rows, for a table of settings.</summary>
    public EvaluationRow Row => new(null, null, [_own], 0) { Name = "real" };

    /// <summary>The metric of a setting.</summary>
    public GenerationQuality Metric() => new(this);

    internal NGramReference Reference { get; }

    internal bool HasLaw => _law is not null;

    internal IReadOnlyList<string> Symbols(long[] row) => _symbols(row);

    internal bool IsLegal(long[] row) => _law?.IsLegal(row) == true;

    private static long[] Read(ITokenRowSource rows, int index)
    {
        var (row, known) = (new long[rows.Length], new bool[rows.Length]);
        rows.Read(epoch: 0, index, row, known);
        return row;
    }
}
