using Tweedie.Configuration;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Sampling;
using Tweedie.Text;
using static TorchSharp.torch;

namespace Tweedie.Evaluation;

/// <summary>
/// −log p of the human captions of images given their image, or an upper bound of it. It is of the whole row of N tokens: words, end token and padding. Captions of
/// one image are not independent, so the standard errors are over images.
/// </summary>
public sealed class CaptionLikelihood
{
    private readonly List<double> _padding = [];
    private readonly List<int> _words = [];
    private readonly List<long> _images = [];
    private readonly LikelihoodEstimate _estimate;

    private CaptionLikelihood(int draws) => _estimate = new(draws);

    /// <summary>Captions that are longer than a row and are cut; what is left of them is measured.</summary>
    public int Cut { get; private set; }

    /// <summary>Tokens outside the vocabulary; the token that stands for them is measured.</summary>
    public int Unknown { get; private set; }

    /// <summary>The captions, with the nats of each row, and nats per word: a row's words are its tokens up to the first end token, that one included.</summary>
    public LikelihoodSummary Summary => LikelihoodSummary.Of(_estimate, _words, _images);

    /// <summary>The number of images.</summary>
    public int Images => _images.Distinct().Count();

    /// <summary>The mean over the captions of the terms of the bound: start, path and end.</summary>
    public (double Start, double Path, double End) MeanTerms => _estimate.MeanTerms;

    /// <summary>The mean over the captions of the nats that fall on the tokens behind the end token.</summary>
    public double NatsOnPadding => _padding.Average();

    /// <summary>The nats of each caption with its image's index in the source, in the order of the images.</summary>
    public IReadOnlyList<(int Image, double Nats, int Words)> Captions =>
        [.. _estimate.Items.Select((nats, caption) => ((int)_images[caption], nats, _words[caption]))];

    /// <summary>Measures all captions of images.</summary>
    /// <param name="captioner">The model.</param>
    /// <param name="source">The captions; levels and noise follow from the ids of its images.</param>
    /// <param name="images">The images, encoded; those of a stream are read once.</param>
    /// <param name="options">How −log p is estimated.</param>
    /// <param name="cancellation">Checked before each pass of the network.</param>
    /// <exception cref="TweedieException">
    /// An option is out of range or has no use for the model, the network predicts no distribution of tokens, an image cannot be read, or there is none.
    /// </exception>
    public static CaptionLikelihood Measure(
        ImageCaptioner captioner, ICaptionSource source, IEnumerable<EncodedImages> images, LikelihoodOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(captioner);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(options);
        OptionsValidator.ValidateMembers(options, "likelihood");
        var measured = new CaptionLikelihood(captioner.Model.Process.Bound(options).Draws);
        foreach (var batch in images)
            measured.Add(captioner, source, batch, options, cancellation);
        return measured._images.Count > 0 ? measured : throw new TweedieException($"{source.Name}: has no captions to measure.");
    }

    private void Add(ImageCaptioner captioner, ICaptionSource source, EncodedImages batch, LikelihoodOptions options, CancellationToken cancellation)
    {
        var rows = batch.Indices.SelectMany((index, place) => source.GetCaptions(index).Select((caption, number) => new Row(caption, index, place, Item(source.GetId(index), number)))).ToList();
        // Each row has a condition of its own, so a few rows at a time keep memory in bounds.
        foreach (var part in rows.Chunk(options.BatchSize))
        {
            using var scope = NewDisposeScope();
            long[][] tokens = [.. part.Select(row => Tokens(captioner, row.Caption))];
            var places = tensor([.. part.Select(row => (long)row.Place)], device: batch.Condition.device);
            var condition = batch.Condition.index_select(0, places);
            var estimate = captioner.Model.Likelihood(
                condition, tensor([.. tokens.SelectMany(row => row)], [tokens.Length, captioner.Options.Tokens]), options, [.. part.Select(row => row.Item)], cancellation: cancellation);
            _estimate.Add(estimate);
            _images.AddRange(part.Select(row => (long)row.Image));
            foreach (var (row, nats) in tokens.Zip(estimate.Tokens))
            {
                var words = Array.IndexOf(row, captioner.Tokenizer.Special.End) + 1;
                _words.Add(words);
                _padding.Add(nats.Skip(words).Sum());
            }
        }
    }

    private long[] Tokens(ImageCaptioner captioner, string caption)
    {
        var (length, special) = (captioner.Options.Tokens, captioner.Tokenizer.Special);
        var ids = captioner.Tokenizer.Encode(caption);
        Cut += ids.Length > length - 1 ? 1 : 0;
        Unknown += ids.Take(length - 1).Count(id => id == special.Unknown);
        return Array.ConvertAll(captioner.Tokenizer.EncodeRow(caption, length, withStart: false), id => (long)id);
    }

    // A number of its own for each caption of each image.
    private static long Item(long image, int caption) => unchecked((long)Seeds.Mix((ulong)image) + caption);

    private sealed record Row(string Caption, int Image, int Place, long Item);
}
