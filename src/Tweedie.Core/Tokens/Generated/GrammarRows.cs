namespace Tweedie.Tokens;

/// <summary>
/// Generated sentences such as <c>the small dog that the cats see sleeps .</c>: a verb agrees with its noun, from which clauses inside clauses may part it. All
/// sentences up to the length of a row are equally likely. A row is a sentence, and the end token after it.
/// </summary>
public sealed class GrammarRows : GeneratedRows
{
    /// <summary>The entry that fills a row after its sentence.</summary>
    public const string End = "[END]";

    /// <summary>The shortest rows, which are long enough for a sentence.</summary>
    public const int ShortestLength = 4;

    // A clause stands right after its noun and no noun has two, so that each sentence has one derivation. "s" is singular and "p" plural.
    internal static readonly Grammar English = new(
    [
        "S → NPs VPs . | NPp VPp .",
        "NPs → the CNs | a CNs",
        "NPp → the CNp | some CNp",
        "CNs → Ns | Adj Ns | Ns Rel-s | Adj Ns Rel-s",
        "CNp → Np | Adj Np | Np Rel-p | Adj Np Rel-p",
        "Rel-s → that VPs | that NPs TVs | that NPp TVp",
        "Rel-p → that VPp | that NPs TVs | that NPp TVp",
        "VPs → IVs | TVs NPs | TVs NPp",
        "VPp → IVp | TVp NPs | TVp NPp",
        "Ns → dog | cat | bird",
        "Np → dogs | cats | birds",
        "Adj → small | young | red",
        "IVs → sleeps | runs",
        "IVp → sleep | run",
        "TVs → sees | follows",
        "TVp → see | follow",
    ]);

    private readonly double[] _counts; // of the sentences of each length

    /// <summary>Creates sentences.</summary>
    /// <param name="count">The number of rows, at least 1.</param>
    /// <param name="length">The number of tokens per row, <see cref="ShortestLength"/> to 64.</param>
    /// <param name="split">The split.</param>
    /// <param name="seed">The seed of the sentences.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public GrammarRows(int count, int length = 16, DataSplit split = DataSplit.Train, long seed = 0) : base("grammar", Positions(length), count, split, seed) =>
        _counts = [.. Enumerable.Range(0, length + 1).Select(words => words == 0 ? 0 : English.Count(words))];

    /// <summary>The logarithm of the number of sentences.</summary>
    public override double? Entropy => Math.Log(_counts.Sum());

    private protected override bool HasLaw(ReadOnlySpan<long> row)
    {
        string[] words = [.. Columns.Decode(row).TakeWhile(word => word != End).OfType<string>()];
        return !row[words.Length..].ContainsAnyExcept(Columns.Find(0, End)) && English.CountDerivations(words) > 0;
    }

    private protected override void Draw(SampleRandom random, Span<long> row)
    {
        row.Fill(Columns.Find(0, End));
        foreach (var (position, word) in English.Draw(Categorical.Draw(_counts, random), random).Index())
            row[position] = Columns.Find(position, word);
    }

    private static TokenColumns Positions(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, ShortestLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, 64);
        return Shared(Enumerable.Range(1, length).Select(position => $"{position}"), [End, .. English.Words]);
    }
}
