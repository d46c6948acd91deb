using System.ComponentModel.DataAnnotations;
using Tweedie.Configuration;
using Tweedie.Text;

namespace Tweedie.Training;

/// <summary>The vocabulary of a text generator.</summary>
public sealed record TextTokenizerOptions : IValidatableObject
{
    /// <summary>What a token is.</summary>
    public TextTokens Tokens { get; init; } = TextTokens.Characters;

    /// <summary>A folder with a vocabulary to use in place of one that is made: BERT's <c>vocab.txt</c>, CLIP's <c>merges.txt</c>, <c>words.txt</c> and others (<see cref="Tokenizers.Load"/>).</summary>
    [ConfigPath]
    public string? Folder { get; init; }

    /// <summary>For words: how often a word of the training text must occur.</summary>
    [Range(1, 1_000_000)]
    public int MinimumCount { get; init; } = 2;

    /// <summary>For characters: whether those that the training text does not have become an unknown token. By default they are an error.</summary>
    public bool Unknown { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var plain = new TextTokenizerOptions();
        if (Folder is not null && this != plain with { Folder = Folder })
            yield return new ValidationResult("has a vocabulary already, so that nothing else can be chosen: leave the other keys out", [nameof(Folder)]);
        if (Unknown && Tokens != TextTokens.Characters)
            yield return new ValidationResult($"is for characters, and tokens = {Tokens.ToString().ToLowerInvariant()}: leave it out", [nameof(Unknown)]);
        if (MinimumCount != plain.MinimumCount && Tokens != TextTokens.Words)
            yield return new ValidationResult($"is for words, and tokens = {Tokens.ToString().ToLowerInvariant()}: leave it out", [nameof(MinimumCount)]);
    }

    /// <summary>The tokenizer.</summary>
    /// <param name="train">The training text.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="TweedieException">The folder holds no vocabulary, or the text has none.</exception>
    internal ITokenizer Create(ITextSource train, CancellationToken cancellation)
    {
        if (Folder is { } folder)
            return Tokenizers.Load(folder);
        var chunks = train.Read(cancellation).Select(chunk => chunk.Text.ToString());
        return Tokens switch
        {
            TextTokens.Bytes => new ByteTokenizer(),
            TextTokens.Gpt2 => Gpt2Tokenizer.Create(),
            TextTokens.Words => WordTokenizer.Build(chunks, MinimumCount),
            _ => CharacterTokenizer.Build(chunks, Unknown),
        };
    }
}

/// <summary>What a token of a text is.</summary>
public enum TextTokens
{
    /// <summary>A character (code point) of the training text.</summary>
    Characters,
    /// <summary>A byte of UTF-8.</summary>
    Bytes,
    /// <summary>A word of the training text, without case.</summary>
    Words,
    /// <summary>A piece of GPT-2's vocabulary.</summary>
    Gpt2,
}
