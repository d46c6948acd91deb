using Tweedie.Configuration;
using Tweedie.Tokens;

namespace Tweedie.Images;

/// <summary>Opens tables of tokens by what a user writes in a config file or on the command line.</summary>
public static class TokenTables
{
    private static readonly string[] Suffixes = [".csv", ".tsv", ".jsonl", ".ndjson"];

    private static readonly Dictionary<string, Func<string, DataSplit, GeneratedRows>> Generators = new(StringComparer.Ordinal)
    {
        ["sudoku"] = Sudoku,
        ["markov"] = Markov,
        ["grammar"] = Grammar,
    };

    /// <summary>The names of generated tables: a specification is one of them, alone or with a colon and settings.</summary>
    public static IReadOnlyCollection<string> Names => Generators.Keys;

    /// <summary>
    /// Opens a split of a table. The specification is one of
    /// <list type="bullet">
    /// <item>a folder, a file or a pattern of CSV files (<c>.csv .tsv</c>) or JSON lines (<c>.jsonl .ndjson</c>), which <c>.gz</c> may follow; a folder has
    /// splits where folders or words in file names say train, and test, val or valid,</item>
    /// <item><c>sudoku:size=9,count=10000,clues=32,seed=1</c>: generated puzzles (<see cref="SudokuRows"/>),</item>
    /// <item><c>markov:states=16,length=32,branches=3,count=10000,seed=1</c>: a Markov chain (<see cref="MarkovRows"/>),</item>
    /// <item><c>grammar:length=16,count=10000,seed=1</c>: sentences of a small grammar (<see cref="GrammarRows"/>).</item>
    /// </list>
    /// In generated tables, <c>test</c> and <c>val</c> give these splits another number of rows than <c>count</c>.
    /// </summary>
    /// <param name="specification">The specification.</param>
    /// <param name="split">Which part; the test part of a folder is the validation part where there is no other.</param>
    /// <param name="options">How files are read.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="TweedieException">
    /// Nothing is recognised, the split is missing, a setting is wrong or of no use, a file cannot be read or is malformed, or rows do not fit a model's columns.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ITokenTable Open(string specification, DataSplit split = DataSplit.Train, TokenTableOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(specification);
        var parts = specification.Split(':', 2);
        if (Generators.TryGetValue(parts[0], out var generate))
        {
            var rows = generate(parts.Length > 1 ? parts[1] : "", split);
            Check(rows, specification, options ?? new());
            return rows;
        }
        if (!Path.Exists(specification) && !specification.AsSpan().ContainsAny('*', '?'))
            throw new TweedieException($"'{specification}' is neither a folder nor a file, nor generated data such as 'sudoku:size=4,count=1000'"
                + $"{(NearestName.Find(parts[0], Names) is { } near ? $" (did you mean {near}?)" : "")}; the names of generated tables are {string.Join(", ", Names)}.");
        var files = DataFiles.Find(specification, split, Suffixes, "tables", cancellation);
        var table = TokenTable.Open(specification, files.Paths, options, cancellation);
        return files.Notes.Count == 0 ? table : new Noted(table, files.Notes);
    }

    /// <summary>Whether a specification names generated rows, which need no file.</summary>
    public static bool IsGenerated(string specification)
    {
        ArgumentNullException.ThrowIfNull(specification);
        return Generators.ContainsKey(specification.Split(':')[0]);
    }

    // Generated rows are what they are: nothing says how to read them, and a model must have been made for the same ones.
    private static void Check(GeneratedRows rows, string specification, TokenTableOptions options)
    {
        if (options with { Vocabulary = null } != new TokenTableOptions())
            throw new TweedieException($"'{specification}': generated rows are not read from a file, so that no columns, problem, solution, unknown symbol, shared vocabulary or encoding can be stated; leave them out.");
        if (options.Vocabulary is { } model && (model.Count != rows.Length || model.VocabularySize < rows.VocabularySize))
            throw new TweedieException($"'{specification}': has rows of {rows.Length} tokens among {rows.VocabularySize}, and the model has {model.Count} among {model.VocabularySize}; give rows of its kind.");
    }

    private static SudokuRows Sudoku(string settings, DataSplit split)
    {
        var values = Settings("sudoku", settings, ("size", 9), ("clues", 0));
        var size = values.Within("size", 4, 9);
        if (size is not (4 or 6 or 9))
            throw new TweedieException($"'sudoku:{settings}': size is {size} and must be 4, 6 or 9.");
        var clues = values.Any("clues") == 0 ? SudokuRows.UsualClues(size) : values.Within("clues", SudokuRows.FewestClues(size), size * size);
        return new SudokuRows(values.Count(split), size, clues, split, values.Any("seed"));
    }

    private static MarkovRows Markov(string settings, DataSplit split)
    {
        var values = Settings("markov", settings, ("states", 16), ("length", 32), ("branches", 3));
        var states = values.Within("states", 2, 1024);
        return new MarkovRows(values.Count(split), states, values.Within("length", 2, 1024), values.Within("branches", 1, states), split, values.Any("seed"));
    }

    private static GrammarRows Grammar(string settings, DataSplit split)
    {
        var values = Settings("grammar", settings, ("length", 16));
        return new GrammarRows(values.Count(split), values.Within("length", GrammarRows.ShortestLength, 64), split, values.Any("seed"));
    }

    private static GeneratedSettings Settings(string kind, string settings, params IEnumerable<(string Key, long Value)> own) =>
        new(kind, settings, [("count", 10_000), ("test", 1000), ("val", 1000), ("seed", 0), .. own]);

    private sealed class Noted(ITokenTable table, IReadOnlyList<string> notes) : ITokenTable
    {
        public string Name => table.Name;

        public int Count => table.Count;

        public int Length => table.Length;

        public int VocabularySize => table.VocabularySize;

        public TokenColumns Columns => table.Columns;

        public bool HasKnown => table.HasKnown;

        public IReadOnlyList<string> Warnings => [.. notes, .. table.Warnings];

        public void Read(long epoch, int index, Span<long> tokens, Span<bool> known) => table.Read(epoch, index, tokens, known);
    }
}
