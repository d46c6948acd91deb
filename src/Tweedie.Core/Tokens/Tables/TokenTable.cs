namespace Tweedie.Tokens;

/// <summary>
/// Rows of tokens from files: CSV or JSON lines. Either each column is a position, and an empty cell an unknown token; or one column holds problems and
/// another their solutions, as public Sudoku files have them. Files are read line by line; memory holds two bytes per token.
/// </summary>
public sealed class TokenTable : ITokenTable
{
    private readonly IReadOnlyList<ushort[]> _rows;

    private TokenTable(string name, TokenColumns columns, IReadOnlyList<ushort[]> rows, bool hasKnown, IReadOnlyList<string> warnings) =>
        (Name, Columns, _rows, HasKnown, Warnings) = (name, columns, rows, hasKnown, warnings);

    /// <summary>For each row, the cell that is kept as text (<see cref="TokenTableOptions.Aside"/>), null where it is empty, and the file of the row; empty where no column is kept.</summary>
    public IReadOnlyList<(string File, string? Text)> Aside { get; private init; } = [];

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Count => _rows.Count;

    /// <inheritdoc/>
    public int Length => Columns.Count;

    /// <inheritdoc/>
    public int VocabularySize => Columns.VocabularySize;

    /// <inheritdoc/>
    public TokenColumns Columns { get; }

    /// <inheritdoc/>
    public bool HasKnown { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Reads files with the same columns, in the order given. Names that end in <c>.jsonl</c> or <c>.ndjson</c> are JSON lines, others are CSV; <c>.gz</c> after them is decompressed.</summary>
    /// <param name="name">What the user calls the table.</param>
    /// <param name="paths">The files.</param>
    /// <param name="options">How they are read.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="TweedieException">A file cannot be read or is malformed, or a value does not fit; the message names file, line, column and value.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static TokenTable Open(string name, IReadOnlyList<string> paths, TokenTableOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        options ??= new TokenTableOptions();
        TokenTableBuilder? builder = null;
        foreach (var path in paths)
        {
            var file = IsJson(path) ? JsonTable.Open(path, cancellation) : CsvTable.Open(path, options.Encoding, cancellation);
            builder ??= new TokenTableBuilder(path, file.Columns, options);
            builder.CheckColumns(path, file.Columns);
            foreach (var row in file.Rows)
                builder.Add(path, row);
        }
        if (builder is null || builder.Count == 0)
            throw new TweedieException($"{name}: has no rows.");
        var (columns, rows) = builder.Finish();
        return new TokenTable(name, columns, rows, builder.HasKnown, builder.Warnings) { Aside = builder.Aside };
    }

    /// <inheritdoc/>
    public void Read(long epoch, int index, Span<long> tokens, Span<bool> known)
    {
        RowArguments.Check(this, epoch, index, tokens, known);
        var row = _rows[index];
        for (var position = 0; position < row.Length; position++)
            (tokens[position], known[position]) = TableToken.Unpack(row[position]);
    }

    private static bool IsJson(string path)
    {
        var name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        return name.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".ndjson", StringComparison.OrdinalIgnoreCase);
    }
}
