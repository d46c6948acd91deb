using Tweedie.Tokens;

namespace Tweedie.Onnx;

/// <summary>The columns of an exported model, and what is known of rows of them.</summary>
internal sealed class KnownColumns
{
    private readonly bool[]? _allowed;

    private KnownColumns(TokenColumns columns)
    {
        Columns = columns;
        if (columns.Any(column => column.Entries.Count < columns.VocabularySize))
            _allowed = [.. columns.SelectMany(column => Enumerable.Range(0, columns.VocabularySize).Select(entry => entry < column.Entries.Count))];
    }

    /// <summary>The places of a row.</summary>
    public TokenColumns Columns { get; }

    /// <summary>Reads the columns of an exported model.</summary>
    /// <exception cref="TweedieException">The file is missing or damaged, or has other columns than the model.</exception>
    public static KnownColumns Load(ExportedFolder folder)
    {
        var (columns, model) = (Fault.Of(FaultKind.Model, () => TokenColumns.Load(folder.Path)), folder.Description);
        return columns.Count == model.Tokens && columns.VocabularySize == model.Classes ? new(columns)
            : throw new TweedieException($"{Path.Combine(folder.Path, TokenColumns.FileName)}: has {columns.Count} columns of {columns.VocabularySize} entries, and the model {model.Tokens} of {model.Classes}; export the model again.", FaultKind.Model);
    }

    /// <summary>What is known of rows.</summary>
    /// <param name="rows">Rows of ids; <see cref="ITokenRowSource.Missing"/> where nothing is known.</param>
    /// <exception cref="ArgumentException">A row has another length, or an id that is none of its place.</exception>
    public KnownRows Of(IReadOnlyList<long[]> rows)
    {
        foreach (var row in rows)
        {
            if (row.Length != Columns.Count)
                throw new ArgumentException($"A row has {row.Length} tokens, and the model {Columns.Count}.", nameof(rows));
            if (row.Index().FirstOrDefault(place => place.Item < ITokenRowSource.Missing || place.Item >= Columns[place.Index].Entries.Count, (-1, 0)) is { Index: >= 0 } wrong)
                throw new ArgumentException($"The id {wrong.Item} is none of place {wrong.Index}.", nameof(rows));
        }
        return KnownTemplate.Of(rows.SelectMany(row => row.Select(id => (int?)id))) with { Allowed = _allowed };
    }

    /// <summary>The same of some rows of which nothing is known.</summary>
    public KnownRows OfOpen(int count) => Of([.. Enumerable.Range(0, count).Select(_ => Enumerable.Repeat(ITokenRowSource.Missing, Columns.Count).ToArray())]);
}
