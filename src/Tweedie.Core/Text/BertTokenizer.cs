namespace Tweedie.Text;

/// <summary>
/// BERT's uncased WordPiece tokenizer (Devlin et al. 2018; <c>bert-base-uncased</c> has 30,522 entries). It follows Google's code:
/// the text <c>[MASK]</c> in a caption is three ordinary tokens, not the special one. Ids equal those of Google's code for the
/// characters of Unicode 14; later ones follow the runtime's newer tables.
/// </summary>
public sealed class BertTokenizer : ITokenizer
{
    /// <summary>The vocabulary's file in a model's folder: one entry per line.</summary>
    public const string FileName = "vocab.txt";

    private readonly Vocabulary _vocabulary;
    private readonly WordPiece _pieces;

    private BertTokenizer(Vocabulary vocabulary)
    {
        _vocabulary = vocabulary;
        var unknown = vocabulary.Require("[UNK]");
        Special = new SpecialTokens(
            vocabulary.Require("[PAD]"), vocabulary.Require("[SEP]"), vocabulary.Require("[CLS]"), unknown, vocabulary.Require("[MASK]"));
        _pieces = new WordPiece(vocabulary.Ids, unknown);
    }

    /// <inheritdoc/>
    public int VocabularySize => _vocabulary.Entries.Count;

    /// <inheritdoc/>
    public SpecialTokens Special { get; }

    /// <summary>Loads <c>vocab.txt</c> from a folder.</summary>
    /// <exception cref="TweedieException">The file is missing or malformed, or lacks a special token.</exception>
    public static BertTokenizer Load(string folder) => new(VocabularyFile.ReadEntries(Path.Combine(folder, FileName)));

    /// <inheritdoc/>
    public int[] Encode(string text)
    {
        var ids = new List<int>();
        foreach (var word in BertWords.Split(text))
            _pieces.Encode(word, ids);
        return [.. ids];
    }

    /// <summary>The text of ids: pieces joined into words, words into a sentence with its usual spaces.</summary>
    /// <inheritdoc/>
    public string Decode(IReadOnlyList<int> ids)
    {
        var words = new List<string>();
        foreach (var id in ids)
        {
            var entry = Token(id);
            if (words.Count > 0 && entry.StartsWith(WordPiece.Continuation, StringComparison.Ordinal))
                words[^1] += entry[WordPiece.Continuation.Length..];
            else
                words.Add(entry);
        }
        return Sentence.Join(words);
    }

    /// <inheritdoc/>
    public string Token(int id) => _vocabulary.Entry(id);

    /// <inheritdoc/>
    public void Save(string folder) => VocabularyFile.Write(folder, FileName, _vocabulary.Entries);
}
