using System.ComponentModel.DataAnnotations;
using Tweedie.Configuration;
using Tweedie.Images;
using Tweedie.Text;

namespace Tweedie.Training;

/// <summary>The vocabulary of a text model: one from a folder, or the words of the training captions.</summary>
public sealed record TokenizerOptions
{
    /// <summary>
    /// A folder with BERT's <c>vocab.txt</c>, CLIP's <c>merges.txt</c> or a <c>words.txt</c>; by default the vocabulary is that of the
    /// training captions.
    /// </summary>
    [ConfigPath]
    public string? Folder { get; init; }

    /// <summary>For the words of the training captions: how often a word must occur.</summary>
    [Range(1, 1_000_000)]
    public int MinimumCount { get; init; } = 1;

    /// <summary>The tokenizer.</summary>
    /// <param name="train">The training captions.</param>
    /// <param name="cancellation">Ends the reading of the captions.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="TweedieException">The folder holds none, or the captions have no word that occurs often enough.</exception>
    public ITokenizer Create(ICaptionSource train, CancellationToken cancellation = default) => Folder is not null ? Tokenizers.Load(Folder)
        : WordTokenizer.Build(Enumerable.Range(0, train.Count).SelectMany(index =>
        {
            cancellation.ThrowIfCancellationRequested();
            return train.GetCaptions(index);
        }), MinimumCount);
}
