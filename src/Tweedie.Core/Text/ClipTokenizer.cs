using Microsoft.ML.Tokenizers;

namespace Tweedie.Text;

/// <summary>
/// CLIP's byte-level BPE tokenizer (Radford et al. 2021; 49,408 entries). It can spell every text. As OpenAI's code does with ftfy, it first repairs text:
/// curly quotes, ligatures, full-width forms, control characters, and UTF-8 that was read as Windows-1252 or Latin-1.
/// </summary>
public sealed class ClipTokenizer : ITokenizer
{
    /// <summary>The vocabulary's file in a model's folder: one merge rule per line.</summary>
    public const string FileName = "merges.txt";

    /// <summary>The same rules as OpenAI publishes them.</summary>
    public const string OriginalFileName = "bpe_simple_vocab_16e6.txt.gz";

    private readonly IReadOnlyList<string> _rules;
    private readonly Vocabulary _vocabulary;
    private readonly BpeTokenizer _bpe;

    private ClipTokenizer(IReadOnlyList<string> rules, Vocabulary vocabulary)
    {
        _rules = rules;
        _vocabulary = vocabulary;
        // The library merges. We split the text ourselves, because the library's regular expressions see UTF-16 units.
        _bpe = BpeTokenizer.Create(new BpeOptions(vocabulary.Ids) { Merges = rules, EndOfWordSuffix = ClipMerges.EndOfWord, ByteLevel = true });
        Special = new SpecialTokens(0, vocabulary.Require(ClipMerges.EndOfText), vocabulary.Require(ClipMerges.StartOfText))
        {
            PaddingIsOrdinary = true,
        };
    }

    /// <inheritdoc/>
    public int VocabularySize => _vocabulary.Entries.Count;

    /// <summary>The start and end token, and 0 as padding, as OpenAI's <c>tokenize</c> does.</summary>
    public SpecialTokens Special { get; }

    /// <summary>Loads <c>merges.txt</c>, or else OpenAI's <c>bpe_simple_vocab_16e6.txt.gz</c>, from a folder.</summary>
    /// <exception cref="TweedieException">The file is missing or malformed; the message names the line.</exception>
    public static ClipTokenizer Load(string folder)
    {
        var original = Path.Combine(folder, OriginalFileName);
        var merges = Path.Combine(folder, FileName);
        var (rules, vocabulary) = ClipMerges.Read(!File.Exists(merges) && File.Exists(original) ? original : merges);
        return new ClipTokenizer(rules, vocabulary);
    }

    /// <inheritdoc/>
    public int[] Encode(string text)
    {
        var ids = new List<int>();
        foreach (var word in ClipWords.Split(text))
        {
            if (word is ClipMerges.StartOfText or ClipMerges.EndOfText)
                ids.Add(_vocabulary.Ids[word]);
            else
                ids.AddRange(_bpe.EncodeToIds(word, considerPreTokenization: false, considerNormalization: false));
        }
        return [.. ids];
    }

    /// <summary>The text of ids, with a space behind every word, as OpenAI's <c>decode</c> writes it.</summary>
    /// <inheritdoc/>
    public string Decode(IReadOnlyList<int> ids) =>
        ByteAlphabet.Decode(ids.SelectMany(Token)).Replace(ClipMerges.EndOfWord, " ", StringComparison.Ordinal);

    /// <inheritdoc/>
    public string Token(int id) => _vocabulary.Entry(id);

    /// <inheritdoc/>
    public void Save(string folder) => VocabularyFile.Write(folder, FileName, _rules.Prepend(ClipMerges.Header));
}
