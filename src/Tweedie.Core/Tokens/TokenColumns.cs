using System.Collections;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tweedie.Storage;

namespace Tweedie.Tokens;

/// <summary>The positions of rows of tokens: each has a name and a vocabulary of its own, or one that it shares with others.</summary>
public sealed class TokenColumns : IReadOnlyList<TokenColumn>
{
    /// <summary>The file in a model's folder.</summary>
    public const string FileName = "columns.json";

    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly IReadOnlyList<TokenColumn> _columns;
    private readonly IReadOnlyList<Dictionary<string, int>> _ids;

    /// <summary>Makes the columns of rows.</summary>
    /// <param name="columns">The positions in order.</param>
    /// <exception cref="TweedieException">There is no column, a name or an entry stands twice, or a column has no entries.</exception>
    public TokenColumns(IReadOnlyList<TokenColumn> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        if (columns.Count == 0)
            throw new TweedieException("There is no column; rows need at least one.");
        if (columns.CountBy(column => column.Name).FirstOrDefault(name => name.Value > 1) is { Key: { } twice })
            throw new TweedieException($"Two columns are called '{OneLine.Of(twice)}'; give each a name of its own.");
        var known = new Dictionary<IReadOnlyList<string>, Dictionary<string, int>>(ReferenceEqualityComparer.Instance);
        foreach (var (name, entries) in columns)
        {
            if (known.ContainsKey(entries))
                continue;
            if (entries.Count == 0)
                throw new TweedieException($"Column '{OneLine.Of(name)}' has no entries; leave it out.");
            var ids = known[entries] = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var (id, entry) in entries.Index())
                if (!ids.TryAdd(entry, id))
                    throw new TweedieException($"Column '{OneLine.Of(name)}' has the entry '{OneLine.Of(entry)}' twice; entries must differ.");
        }
        (_columns, _ids) = (columns, [.. columns.Select(column => known[column.Entries])]);
        VocabularySize = known.Keys.Max(entries => entries.Count);
    }

    /// <summary>The number of entries of the largest vocabulary, K.</summary>
    public int VocabularySize { get; }

    /// <inheritdoc/>
    public int Count => _columns.Count;

    /// <inheritdoc/>
    public TokenColumn this[int position] => _columns[position];

    /// <summary>The id of an entry at a position; <see cref="ITokenRowSource.Missing"/> where the position has no such entry.</summary>
    public long Find(int position, string entry) => _ids[position].TryGetValue(entry, out var id) ? id : ITokenRowSource.Missing;

    /// <summary>The entries of a row; null where a token is <see cref="ITokenRowSource.Missing"/>.</summary>
    /// <exception cref="ArgumentException">The row has another length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An id is none of its position.</exception>
    public string?[] Decode(ReadOnlySpan<long> row)
    {
        if (row.Length != Count)
            throw new ArgumentException($"The row has {row.Length} tokens, and there are {Count} columns.", nameof(row));
        var entries = new string?[row.Length];
        for (var position = 0; position < row.Length; position++)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(row[position], ITokenRowSource.Missing, nameof(row));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row[position], _columns[position].Entries.Count, nameof(row));
            entries[position] = row[position] == ITokenRowSource.Missing ? null : _columns[position].Entries[(int)row[position]];
        }
        return entries;
    }

    /// <summary>Loads <c>columns.json</c> from a model's folder.</summary>
    /// <exception cref="TweedieException">The file is missing or malformed.</exception>
    public static TokenColumns Load(string folder)
    {
        var path = Path.Combine(folder, FileName);
        var file = JsonFile.Read<Document>(path);
        JsonFile.CheckEntries(path, "$.columns", file.Columns);
        JsonFile.CheckEntries(path, "$.vocabularies", file.Vocabularies);
        if (file.Columns.FirstOrDefault(column => column.Vocabulary < 0 || column.Vocabulary >= file.Vocabularies.Count) is { } wrong)
            throw new TweedieException($"{path}: column '{OneLine.Of(wrong.Name)}' has the vocabulary {wrong.Vocabulary}, and there are {file.Vocabularies.Count}; fetch the model again.");
        try
        {
            return new TokenColumns([.. file.Columns.Select(column => new TokenColumn(column.Name, file.Vocabularies[column.Vocabulary]))]);
        }
        catch (TweedieException error)
        {
            throw error.At(path);
        }
    }

    /// <summary>Writes <c>columns.json</c> into a model's folder.</summary>
    /// <exception cref="TweedieException">The file cannot be written.</exception>
    public void Save(string folder)
    {
        Folder.Create(folder);
        IReadOnlyList<string>[] vocabularies = [.. _columns.Select(column => column.Entries).Distinct<IReadOnlyList<string>>(ReferenceEqualityComparer.Instance)];
        var file = new Document([.. _columns.Select(column => new Entry(column.Name, Array.FindIndex(vocabularies, entries => ReferenceEquals(entries, column.Entries))))], vocabularies);
        AtomicFile.WriteText(Path.Combine(folder, FileName), JsonSerializer.Serialize(file, Layout) + '\n');
    }

    /// <inheritdoc/>
    public IEnumerator<TokenColumn> GetEnumerator() => _columns.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private sealed record Document(IReadOnlyList<Entry> Columns, IReadOnlyList<IReadOnlyList<string>> Vocabularies);

    private sealed record Entry(string Name, int Vocabulary);
}
