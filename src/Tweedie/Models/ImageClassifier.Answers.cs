using Tweedie.Images;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Models;

/// <content>From an image to names and probabilities, without tensors.</content>
public sealed partial class ImageClassifier
{
    /// <summary>Names what an image shows.</summary>
    /// <param name="image">The bytes of an image file, which are read to their end. To limit its size, decode it by <see cref="ImageDecoder"/>.</param>
    /// <param name="top">How many classes, at least 1; at most all are given.</param>
    /// <param name="sampling">How to sample; null takes the classifier's defaults.</param>
    /// <param name="cancellation">Checked before each step.</param>
    /// <returns>The most probable classes, best first.</returns>
    /// <exception cref="TweedieException">The image cannot be read, or an option is out of range or asks for what the model cannot do.</exception>
    /// <exception cref="ObjectDisposedException">The model has been disposed of.</exception>
    public IReadOnlyList<ClassAnswer> Classify(Stream image, int top = 1, SamplingOptions? sampling = null, CancellationToken cancellation = default) =>
        Classify(ImageDecoder.Decode(image, options: Decoder), top, sampling, cancellation);

    /// <inheritdoc cref="Classify(Stream, int, SamplingOptions?, CancellationToken)"/>
    public IReadOnlyList<ClassAnswer> Classify(RasterImage image, int top = 1, SamplingOptions? sampling = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        using var images = Prepare([image]);
        using var prediction = Predict(images, sampling, cancellation);
        return Answers(prediction, top)[0];
    }

    /// <summary>Names what an image shows. The stream is read without blocking, and the network runs on a thread of its own, outside of the pool.</summary>
    /// <inheritdoc cref="Classify(Stream, int, SamplingOptions?, CancellationToken)"/>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<IReadOnlyList<ClassAnswer>> ClassifyAsync(Stream image, int top = 1, SamplingOptions? sampling = null, CancellationToken cancellation = default) =>
        await ClassifyAsync(await ImageDecoder.DecodeAsync(image, options: Decoder, cancellation: cancellation).ConfigureAwait(false), top, sampling, cancellation).ConfigureAwait(false);

    /// <inheritdoc cref="ClassifyAsync(Stream, int, SamplingOptions?, CancellationToken)"/>
    public Task<IReadOnlyList<ClassAnswer>> ClassifyAsync(RasterImage image, int top = 1, SamplingOptions? sampling = null, CancellationToken cancellation = default) =>
        OwnThread.Run(() => Classify(image, top, sampling, cancellation), cancellation);

    /// <summary>The steps in which the label of an image appears. They are computed on a thread of their own, at most one step ahead of the reader.</summary>
    /// <param name="image">The image.</param>
    /// <param name="top">How many classes each step lists, at least 0.</param>
    /// <param name="sampling">How to sample; null takes the classifier's defaults.</param>
    /// <param name="cancellation">Ends the stream before the next step.</param>
    /// <exception cref="TweedieException">An option is out of range, or asks for what the model cannot do.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IAsyncEnumerable<StepSnapshot> DenoiseAsync(RasterImage image, int top = 1, SamplingOptions? sampling = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        return OwnThread.Stream(stop => ImageSteps.Of(Model, image, top, sampling, constraint: null, stop), cancellation);
    }

    /// <summary>The most probable classes of each image of a prediction, best first.</summary>
    /// <param name="prediction">What this classifier predicted for B images.</param>
    /// <param name="top">How many classes, at least 1; at most all are given.</param>
    public IReadOnlyList<IReadOnlyList<ClassAnswer>> Answers(ClassPrediction prediction, int top = 1)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        var (means, variances) = (Rows(prediction.Mean), Rows(prediction.Variance));
        var calibrated = prediction.Temperature is null ? null : Rows(prediction.Probabilities);
        return [.. means.Select((mean, image) => ClassAnswer.Best(Options.ClassNames, mean, variances[image], calibrated?[image], top))];
    }

    private ImageDecoderOptions Decoder => new() { Channels = Options.Input.Channels };

    private static float[][] Rows(Tensor tensor)
    {
        using var values = tensor.to(float32).cpu().contiguous();
        return [.. values.data<float>().ToArray().Chunk((int)tensor.shape[1])];
    }
}
