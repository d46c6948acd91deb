using System.Diagnostics;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Tensors;
using static TorchSharp.torch;

namespace Tweedie.Evaluation;

/// <summary>Condition tokens of images: each image is encoded once, however many samplings follow.</summary>
/// <param name="Condition">Shape (S, M, d), on the model's device.</param>
/// <param name="Indices">The source's index of each image.</param>
/// <param name="Seconds">Time of reading and encoding.</param>
/// <param name="LeftOut">Images that could not be read.</param>
public sealed record EncodedImages(Tensor Condition, IReadOnlyList<int> Indices, double Seconds, int LeftOut = 0) : IEvaluatedItems, IDisposable
{
    private static readonly long[] NoTarget = [0];

    /// <summary>Number of images.</summary>
    public int Count => Indices.Count;

    /// <summary>Reads and encodes images batch by batch.</summary>
    /// <param name="model">The model.</param>
    /// <param name="source">The images. Of a labelled source, an image without a label counts as one that cannot be read.</param>
    /// <param name="batchSize">Images encoded at once.</param>
    /// <param name="maxBadShare">The share of the images that may be unreadable and are left out; 0 makes the first one an error.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="TweedieException">An image cannot be read, or too many.</exception>
    public static IEnumerable<EncodedImages> Stream(
        TokenModel model, IImageSource source, int batchSize, double maxBadShare = 0, CancellationToken cancellation = default)
    {
        return Stream(model, source, batchSize, maxBadShare, part: null, cancellation);
    }

    /// <summary>Reads and encodes some of the batches: those that <paramref name="part"/> names, of so many; all if null.</summary>
    internal static IEnumerable<EncodedImages> Stream(
        TokenModel model, IImageSource source, int batchSize, double maxBadShare, Func<int, Range>? part, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(source);
        model.CheckNotDisposed();
        TargetRow? targets = HasLabels(source) ? null : (_, _) => NoTarget;
        var loader = new ImageLoader(source, model.Input.Transform(), model.Input.Normalization(),
            new ImageLoaderOptions { BatchSize = batchSize, MaxBadShare = maxBadShare, Allocate = TensorBatchMemory.Allocate }, targets);
        return Encoded(model, loader, part, cancellation);
    }

    /// <summary>Takes the features of a frozen encoder, batch by batch, in place of reading and encoding images.</summary>
    /// <param name="model">The model, whose network takes features.</param>
    /// <param name="features">The features; their cache must live until the enumeration ends.</param>
    /// <param name="batchSize">Images per batch.</param>
    /// <param name="maxBadShare">The share of the images that may have no features and are left out; 0 makes the first one an error.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="TweedieException">Images have no features.</exception>
    public static IEnumerable<EncodedImages> Stream(
        TokenModel model, FeatureSet features, int batchSize, double maxBadShare = 0, CancellationToken cancellation = default)
    {
        return Stream(model, features, batchSize, maxBadShare, part: null, cancellation);
    }

    /// <summary>Takes the features of some of the batches: those that <paramref name="part"/> names, of so many; all if null.</summary>
    internal static IEnumerable<EncodedImages> Stream(
        TokenModel model, FeatureSet features, int batchSize, double maxBadShare, Func<int, Range>? part, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(features);
        model.CheckNotDisposed();
        TargetRow? targets = HasLabels(features.Source) ? null : (_, _) => NoTarget;
        return Encoded(model, new ImageLoader(features,
            new ImageLoaderOptions { BatchSize = batchSize, MaxBadShare = maxBadShare, Allocate = TensorBatchMemory.Allocate }, targets), part, cancellation, areFeatures: true);
    }

    private static bool HasLabels(IImageSource source) => source is not (ICaptionSource or IAnnotatedSource);

    private static IEnumerable<EncodedImages> Encoded(
        TokenModel model, ImageLoader loader, Func<int, Range>? part, CancellationToken cancellation, bool areFeatures = false)
    {
        var watch = Stopwatch.StartNew();
        var (start, count) = (part?.Invoke(loader.BatchesPerEpoch) ?? Range.All).GetOffsetAndLength(loader.BatchesPerEpoch);
        foreach (var batch in loader.Epoch(0, start, BatchPart.Whole, cancellation).Take(count))
        {
            using (batch)
            {
                var inputs = batch.Tensors().Images;
                using var condition = (areFeatures ? model.EncodeFeatures(inputs.squeeze(1)) : model.Encode(inputs)).DetachFromDisposeScope();
                yield return new EncodedImages(condition, batch.Indices, watch.Elapsed.TotalSeconds, batch.BadImages.Count);
            }
            watch.Restart();
        }
    }

    /// <summary>Reads and encodes all images of a source; <see cref="Stream(TokenModel, IImageSource, int, double, CancellationToken)"/> has the parameters.</summary>
    /// <exception cref="TweedieException">An image cannot be read, or too many.</exception>
    public static EncodedImages Encode(TokenModel model, IImageSource source, int batchSize, double maxBadShare = 0, CancellationToken cancellation = default) =>
        Join(Stream(model, source, batchSize, maxBadShare, cancellation));

    /// <summary>Takes all features of a frozen encoder; <see cref="Stream(TokenModel, FeatureSet, int, double, CancellationToken)"/> has the parameters.</summary>
    /// <exception cref="TweedieException">Images have no features.</exception>
    public static EncodedImages Encode(TokenModel model, FeatureSet features, int batchSize, double maxBadShare = 0, CancellationToken cancellation = default) =>
        Join(Stream(model, features, batchSize, maxBadShare, cancellation));

    /// <summary>The images of a stream as one, which the caller owns.</summary>
    internal static EncodedImages Join(IEnumerable<EncodedImages> batches)
    {
        using var scope = NewDisposeScope();
        var (conditions, indices, seconds, leftOut) = (new List<Tensor>(), new List<int>(), 0.0, 0);
        foreach (var batch in batches)
        {
            conditions.Add(batch.Condition.alias());
            indices.AddRange(batch.Indices);
            (seconds, leftOut) = (seconds + batch.Seconds, leftOut + batch.LeftOut);
        }
        return new(cat(conditions).MoveToOuterDisposeScope(), indices, seconds, leftOut);
    }

    /// <inheritdoc/>
    public IEnumerable<EvaluatedBatch> Chunk(int size)
    {
        for (var start = 0; start < Count; start += size)
        {
            using var condition = Condition.narrow(0, start, Math.Min(size, Count - start)).DetachFromDisposeScope();
            yield return new(condition, [.. Indices.Skip(start).Take(size)]);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Condition.Dispose();
}
