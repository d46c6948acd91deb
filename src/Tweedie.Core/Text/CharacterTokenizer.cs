using System.Text;

namespace Tweedie.Text;

/// <summary>
/// Single characters (Unicode code points) as tokens; the vocabulary is that of the training text. Decoding gives the same text back. Beside the characters
/// there is one token that ends a document and, where it is asked for, one for characters that the vocabulary lacks.
/// </summary>
public sealed class CharacterTokenizer : ITokenizer
{
    /// <summary>
    /// The vocabulary's file in a model's folder: one entry per line, the special tokens first, then the characters in the order of their code points. Line
    /// breaks, spaces and characters that cannot be seen are written as <c>\n</c> or <c>\u{20}</c>.
    /// </summary>
    public const string FileName = "characters.txt";

    private const string End = "[END]", Unknown = "[UNK]";

    private static readonly OptionName UnknownOption = new("Unknown", "unknown: true");

    private readonly Vocabulary _vocabulary;
    private readonly Rune?[] _characters;
    private readonly Dictionary<int, int> _ids = [];

    private CharacterTokenizer(Vocabulary vocabulary)
    {
        _vocabulary = vocabulary;
        var end = vocabulary.Require(End);
        Special = new SpecialTokens(Padding: end, End: end, Unknown: vocabulary.Ids.TryGetValue(Unknown, out var unknown) ? unknown : null);
        _characters = new Rune?[vocabulary.Entries.Count];
        foreach (var (id, entry) in vocabulary.Entries.Index())
        {
            if (id == Special.End || id == Special.Unknown)
                continue;
            var character = VisibleCharacter.Parse(entry)
                ?? throw new TweedieException($"{vocabulary.Source}, line {id + 1}: '{OneLine.Of(entry)}' is not one character, and not of the form \\n or \\u{{20}}.");
            if (!_ids.TryAdd(character.Value, id))
                throw new TweedieException($"{vocabulary.Source}, line {id + 1}: '{OneLine.Of(entry)}' stands on line {_ids[character.Value] + 1} too; entries must differ.");
            _characters[id] = character;
        }
    }

    /// <inheritdoc/>
    public int VocabularySize => _characters.Length;

    /// <summary>The end-of-document token, which is padding too, and the unknown token where there is one.</summary>
    public SpecialTokens Special { get; }

    /// <summary>Loads <c>characters.txt</c> from a folder.</summary>
    /// <exception cref="TweedieException">The file is missing or malformed; the message names the line.</exception>
    public static CharacterTokenizer Load(string folder) => new(VocabularyFile.ReadEntries(Path.Combine(folder, FileName)));

    /// <summary>Builds the vocabulary of a corpus: each character that occurs, in the order of code points.</summary>
    /// <param name="corpus">Texts; <see cref="TextPieces.Pieces"/> gives those of a source.</param>
    /// <param name="unknown">Whether there is an unknown token for other characters. Without it, other characters cannot be encoded, and are an error.</param>
    /// <exception cref="TweedieException">The corpus has no characters.</exception>
    public static CharacterTokenizer Build(IEnumerable<string> corpus, bool unknown = false)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        var found = new SortedSet<int>();
        var seen = new bool[128]; // most characters of most texts, so that the set is rarely asked
        foreach (var text in corpus)
        {
            foreach (var rune in text.EnumerateRunes())
            {
                if (rune.IsAscii && seen[rune.Value])
                    continue;
                if (rune.IsAscii)
                    seen[rune.Value] = true;
                found.Add(rune.Value);
            }
        }
        if (found.Count == 0)
            throw new TweedieException("The corpus has no characters; give a text that is not empty.");
        string[] entries = [End, .. unknown ? [Unknown] : Array.Empty<string>(), .. found.Select(value => VisibleCharacter.Write(new Rune(value)))];
        return new CharacterTokenizer(new Vocabulary("the corpus", entries, entries.Index().ToDictionary(entry => entry.Item, entry => entry.Index)));
    }

    /// <inheritdoc/>
    public int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = new int[text.Length];
        var count = 0;
        foreach (var rune in text.EnumerateRunes())
            ids[count++] = _ids.TryGetValue(rune.Value, out var id) ? id : Special.Unknown ?? throw Missing(rune);
        return count == ids.Length ? ids : ids[..count];
    }

    /// <inheritdoc/>
    public string Decode(IReadOnlyList<int> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var text = new StringBuilder(ids.Count);
        foreach (var id in ids)
            text.Append(Token(id) is var entry && _characters[id] is { } character ? character.ToString() : entry);
        return text.ToString();
    }

    /// <inheritdoc/>
    public string Token(int id) => _vocabulary.Entry(id);

    /// <inheritdoc/>
    public void Save(string folder) => VocabularyFile.Write(folder, FileName, _vocabulary.Entries);

    private TweedieException Missing(Rune rune) => TweedieException.Naming(
        $"'{VisibleCharacter.Write(rune)}' (U+{rune.Value:X4}) is none of the {_ids.Count} characters of the vocabulary; leave it out, or build the vocabulary with an unknown token ({UnknownOption}).");
}
