namespace Tweedie.Text;

/// <summary>Finds the tokenizer of a model's folder by its vocabulary file.</summary>
public static class Tokenizers
{
    private static readonly (string File, Func<string, ITokenizer> Load)[] Known =
    [
        (BertTokenizer.FileName, BertTokenizer.Load),
        (ClipTokenizer.FileName, ClipTokenizer.Load),
        (ClipTokenizer.OriginalFileName, ClipTokenizer.Load),
        (Gpt2Tokenizer.FileName, Gpt2Tokenizer.Load),
        (WordTokenizer.FileName, WordTokenizer.Load),
        (CharacterTokenizer.FileName, CharacterTokenizer.Load),
        (ByteTokenizer.FileName, ByteTokenizer.Load),
    ];

    /// <summary>
    /// Loads the tokenizer whose vocabulary lies in the folder: BERT's <c>vocab.txt</c>, CLIP's <c>merges.txt</c> or
    /// <c>bpe_simple_vocab_16e6.txt.gz</c>, GPT-2's <c>gpt2.tiktoken</c>, a word list <c>words.txt</c>, a list of characters <c>characters.txt</c>, or
    /// <c>bytes.txt</c>.
    /// </summary>
    /// <exception cref="TweedieException">The folder holds no vocabulary, or several, or one that is malformed.</exception>
    public static ITokenizer Load(string folder)
    {
        var found = Known.Where(kind => File.Exists(Path.Combine(folder, kind.File))).ToArray();
        if (found.Length == 0)
            throw new TweedieException($"{folder}: no tokenizer; give a folder that holds one of {string.Join(", ", Known.Select(kind => kind.File))}.");
        if (found.DistinctBy(kind => kind.Load.Method).Count() > 1)
            throw new TweedieException($"{folder}: more than one tokenizer ({string.Join(", ", found.Select(kind => kind.File))}); keep one of them.");
        return found[0].Load(folder);
    }
}
