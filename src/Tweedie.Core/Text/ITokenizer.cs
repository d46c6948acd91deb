namespace Tweedie.Text;

/// <summary>Turns text into vocabulary ids and back. Implementations are immutable and safe to share between threads.</summary>
public interface ITokenizer
{
    /// <summary>The number of vocabulary entries K; ids lie in [0, K).</summary>
    int VocabularySize { get; }

    /// <summary>The ids that mean something other than a piece of text.</summary>
    SpecialTokens Special { get; }

    /// <summary>The ids of a text of any length, without start, end or padding.</summary>
    /// <exception cref="TweedieException">The vocabulary cannot spell the text and has no unknown token.</exception>
    int[] Encode(string text);

    /// <summary>The text of ids, special tokens included; see <see cref="TokenRows.DecodeRow"/> for rows that a model predicted.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An id lies outside the vocabulary.</exception>
    string Decode(IReadOnlyList<int> ids);

    /// <summary>One vocabulary entry as it stands in the vocabulary, such as <c>##ing</c> or <c>dog&lt;/w&gt;</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The id lies outside the vocabulary.</exception>
    string Token(int id);

    /// <summary>Writes the vocabulary into a model's folder, where <see cref="Tokenizers.Load"/> finds it.</summary>
    /// <exception cref="TweedieException">The file cannot be written.</exception>
    void Save(string folder);
}
