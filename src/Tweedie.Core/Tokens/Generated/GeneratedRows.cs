namespace Tweedie.Tokens;

/// <summary>
/// Rows that are drawn from a known law, so that what a model makes of them can be judged. A row is a pure function of the seed, the split and its index. The split
/// of a row follows from its tokens alone: of ten rows about eight are for training, one for validation and one for testing, so that no row is in two splits,
/// whatever the seeds.
/// </summary>
public abstract class GeneratedRows : ITokenTable
{
    private const int Shares = 10;
    private const int MaximumAttempts = 20_000;

    private readonly DataSplit _split;
    private readonly long _seed;
    private readonly ushort[]?[] _rows; // those that have been read

    private protected GeneratedRows(string name, TokenColumns columns, int count, DataSplit split, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        (Name, Columns, _split, _seed, _rows) = (name, columns, split, seed, new ushort[count][]);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Count => _rows.Length;

    /// <inheritdoc/>
    public int Length => Columns.Count;

    /// <inheritdoc/>
    public int VocabularySize => Columns.VocabularySize;

    /// <inheritdoc/>
    public TokenColumns Columns { get; }

    /// <inheritdoc/>
    public virtual bool HasKnown => false;

    /// <inheritdoc/>
    public virtual IReadOnlyList<string> Warnings => [];

    /// <summary>
    /// The exact entropy of a row in nats; null where it is not known. It is the entropy of the whole law, before rows are divided into splits. A model that has learned the
    /// law, but not which rows are in which split, reaches this cross-entropy on each split, up to chance.
    /// </summary>
    public virtual double? Entropy => null;

    /// <summary>Whether the law can produce a row.</summary>
    /// <param name="row">Ids; an id outside the vocabulary makes a row illegal.</param>
    /// <exception cref="ArgumentException">The row has another length.</exception>
    public bool IsLegal(ReadOnlySpan<long> row)
    {
        if (row.Length != Length)
            throw new ArgumentException($"The row has {row.Length} tokens, and must have {Length}.", nameof(row));
        foreach (var id in row)
            if (id < 0 || id >= VocabularySize)
                return false;
        return HasLaw(row);
    }

    /// <inheritdoc/>
    public void Read(long epoch, int index, Span<long> tokens, Span<bool> known)
    {
        RowArguments.Check(this, epoch, index, tokens, known);
        var row = _rows[index] ??= Make(index);
        for (var position = 0; position < row.Length; position++)
            (tokens[position], known[position]) = TableToken.Unpack(row[position]);
    }

    /// <summary>Columns that share a vocabulary.</summary>
    private protected static TokenColumns Shared(IEnumerable<string> names, IReadOnlyList<string> entries) => new([.. names.Select(name => new TokenColumn(name, entries))]);

    /// <summary>Whether the law can produce a row of ids of the vocabulary.</summary>
    private protected abstract bool HasLaw(ReadOnlySpan<long> row);

    /// <summary>Draws a row.</summary>
    private protected abstract void Draw(SampleRandom random, Span<long> row);

    /// <summary>Chooses which tokens of a row the problem gives; false where these tokens allow no such choice.</summary>
    private protected virtual bool TryChooseKnown(SampleRandom random, ReadOnlySpan<long> row, Span<bool> known) => true;

    /// <summary>The split that a row belongs to.</summary>
    private protected static DataSplit SplitOf(ReadOnlySpan<long> row)
    {
        var hash = 0UL;
        foreach (var id in row)
            hash = Seeds.Mix(hash ^ (ulong)id);
        return (hash % Shares) switch { 0 => DataSplit.Test, 1 => DataSplit.Validation, _ => DataSplit.Train };
    }

    private ushort[] Make(int index)
    {
        var (row, known) = (new long[Length], new bool[Length]);
        for (var attempt = 0; attempt < MaximumAttempts; attempt++)
        {
            var random = new SampleRandom(Seeds.Derive(_seed, SeedPurpose.Generate, (long)_split, index, attempt));
            Draw(random, row);
            if (SplitOf(row) == _split && TryChooseKnown(random, row, known))
                return [.. row.Zip(known, (id, isKnown) => TableToken.Pack((int)id, isKnown))];
        }
        throw new TweedieException($"{Name}: none of {MaximumAttempts} draws is a row of the {_split.ToString().ToLowerInvariant()} split, because there are so few different rows; ask for longer ones.");
    }
}
