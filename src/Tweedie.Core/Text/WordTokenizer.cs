namespace Tweedie.Text;

/// <summary>
/// A tokenizer of whole words, lower-cased, and single punctuation marks, whose vocabulary comes from a corpus. It is meant for small corpora.
/// </summary>
public sealed class WordTokenizer : ITokenizer
{
    /// <summary>The vocabulary's file in a model's folder: one entry per line, the special tokens first.</summary>
    public const string FileName = "words.txt";

    private static readonly string[] Specials = ["[PAD]", "[UNK]", "[SEP]"];

    private readonly Vocabulary _vocabulary;

    private WordTokenizer(Vocabulary vocabulary)
    {
        _vocabulary = vocabulary;
        Special = new SpecialTokens(vocabulary.Require(Specials[0]), vocabulary.Require(Specials[2]), Unknown: vocabulary.Require(Specials[1]));
    }

    /// <inheritdoc/>
    public int VocabularySize => _vocabulary.Entries.Count;

    /// <inheritdoc/>
    public SpecialTokens Special { get; }

    /// <summary>Loads <c>words.txt</c> from a folder.</summary>
    /// <exception cref="TweedieException">The file is missing or malformed, or lacks a special token.</exception>
    public static WordTokenizer Load(string folder) => new(VocabularyFile.ReadEntries(Path.Combine(folder, FileName)));

    /// <summary>Builds the vocabulary of a corpus: its words from the most frequent to the least, those of equal count in ordinal order.</summary>
    /// <param name="corpus">Texts.</param>
    /// <param name="minimumCount">Words that occur less often become <c>[UNK]</c>; at least 1.</param>
    /// <param name="maximumSize">The largest vocabulary, its three special tokens included; at least 4.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is too small.</exception>
    /// <exception cref="TweedieException">No word of the corpus occurs often enough.</exception>
    public static WordTokenizer Build(IEnumerable<string> corpus, int minimumCount = 1, int maximumSize = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minimumCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumSize, Specials.Length + 1);
        var words = corpus.SelectMany(Words.Split)
            .CountBy(word => word)
            .Where(word => word.Value >= minimumCount)
            .OrderByDescending(word => word.Value).ThenBy(word => word.Key, StringComparer.Ordinal)
            .Select(word => word.Key)
            .Take(maximumSize - Specials.Length)
            .ToArray();
        if (words.Length == 0)
            throw new TweedieException($"The corpus has no word that occurs minimumCount = {minimumCount} times; give more text or a smaller count.");
        string[] entries = [.. Specials, .. words];
        return new WordTokenizer(new Vocabulary("the corpus", entries, entries.Index().ToDictionary(entry => entry.Item, entry => entry.Index)));
    }

    /// <inheritdoc/>
    public int[] Encode(string text) =>
        [.. Words.Split(text).Select(word => _vocabulary.Ids.TryGetValue(word, out var id) ? id : Special.Unknown!.Value)];

    /// <summary>The words as a sentence with its usual spaces.</summary>
    /// <inheritdoc/>
    public string Decode(IReadOnlyList<int> ids) => Sentence.Join([.. ids.Select(Token)]);

    /// <inheritdoc/>
    public string Token(int id) => _vocabulary.Entry(id);

    /// <inheritdoc/>
    public void Save(string folder) => VocabularyFile.Write(folder, FileName, _vocabulary.Entries);
}
