using Tweedie.Images;
using Tweedie.Sampling;
using Tweedie.Text;

namespace Tweedie.Models;

/// <content>From an image to a caption, without tensors.</content>
public sealed partial class ImageCaptioner
{
    /// <summary>Captions an image.</summary>
    /// <param name="image">The bytes of an image file, which are read to their end. To limit its size, decode it by <see cref="ImageDecoder"/>.</param>
    /// <param name="sampling">How to sample; null takes the captioner's defaults. Of several draws, the one that <see cref="SamplingOptions.Choose"/> says is given, by default the one that shares most with the others.</param>
    /// <param name="template">Words that the caption has; null where it is free.</param>
    /// <param name="cancellation">Checked before each step.</param>
    /// <exception cref="TweedieException">
    /// The image cannot be read, the template has more tokens than a caption, or an option is out of range or asks for what the model cannot do.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The model has been disposed of.</exception>
    public string Caption(Stream image, SamplingOptions? sampling = null, TokenTemplate? template = null, CancellationToken cancellation = default) =>
        Caption(ImageDecoder.Decode(image, options: Decoder), sampling, template, cancellation);

    /// <inheritdoc cref="Caption(Stream, SamplingOptions?, TokenTemplate?, CancellationToken)"/>
    public string Caption(RasterImage image, SamplingOptions? sampling = null, TokenTemplate? template = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        using var images = Prepare([image]);
        using var condition = Encode(images);
        using var constraint = template is null ? null : Constrain(template);
        var resolved = Model.Resolve(sampling);
        using var tokens = Rows(condition, resolved, constraint, cancellation);
        return resolved.Draws == 1 ? Sentences(tokens)[0] : Choose(tokens, condition, resolved.Choose == CandidateChoice.None ? CandidateChoice.Overlap : resolved.Choose);
    }

    /// <summary>Captions an image. The stream is read without blocking, and the network runs on a thread of its own, outside of the pool.</summary>
    /// <inheritdoc cref="Caption(Stream, SamplingOptions?, TokenTemplate?, CancellationToken)"/>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<string> CaptionAsync(Stream image, SamplingOptions? sampling = null, TokenTemplate? template = null, CancellationToken cancellation = default) =>
        await CaptionAsync(await ImageDecoder.DecodeAsync(image, options: Decoder, cancellation: cancellation).ConfigureAwait(false), sampling, template, cancellation).ConfigureAwait(false);

    /// <inheritdoc cref="CaptionAsync(Stream, SamplingOptions?, TokenTemplate?, CancellationToken)"/>
    public Task<string> CaptionAsync(RasterImage image, SamplingOptions? sampling = null, TokenTemplate? template = null, CancellationToken cancellation = default) =>
        OwnThread.Run(() => Caption(image, sampling, template, cancellation), cancellation);

    /// <summary>
    /// The steps in which the caption of an image appears; <see cref="Sentence"/> makes words of their tokens. They are computed on a thread of their own, at most
    /// one step ahead of the reader.
    /// </summary>
    /// <param name="image">The image.</param>
    /// <param name="top">How many entries of the vocabulary each token of a step lists, at least 0.</param>
    /// <param name="sampling">How to sample; null takes the captioner's defaults.</param>
    /// <param name="template">Words that the caption has; null where it is free.</param>
    /// <param name="cancellation">Ends the stream before the next step.</param>
    /// <exception cref="TweedieException">The template has more tokens than a caption, or an option is out of range or asks for what the model cannot do.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IAsyncEnumerable<StepSnapshot> DenoiseAsync(
        RasterImage image, int top = 0, SamplingOptions? sampling = null, TokenTemplate? template = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        return OwnThread.Stream(Steps, cancellation);

        IEnumerable<StepSnapshot> Steps(CancellationToken stop)
        {
            using var constraint = template is null ? null : Constrain(template);
            foreach (var step in ImageSteps.Of(Model, image, top, sampling, constraint, stop))
                yield return step;
        }
    }

    private ImageDecoderOptions Decoder => new() { Channels = Options.Input.Channels };
}
