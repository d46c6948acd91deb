using Tweedie.Data;
using Tweedie.Models;
using static TorchSharp.torch;

namespace Tweedie.Evaluation;

/// <summary>Condition tokens and labels of a whole data set: each image is encoded once, however many samplings follow.</summary>
/// <param name="Condition">Shape (S, M, d), on the model's device.</param>
/// <param name="Labels">Shape (S), int64, on the model's device.</param>
/// <param name="Seconds">Time of reading and encoding.</param>
/// <param name="LeftOut">Images that could not be read.</param>
public sealed record EncodedImages(Tensor Condition, Tensor Labels, double Seconds, int LeftOut = 0) : IDisposable
{
    /// <summary>Number of images.</summary>
    public int Count => (int)Labels.shape[0];

    /// <summary>Reads and encodes all images of a source, resized and cropped to the network's input.</summary>
    /// <param name="classifier">The model.</param>
    /// <param name="source">The images.</param>
    /// <param name="batchSize">Images encoded at once.</param>
    /// <param name="maxBadShare">The share of the images that may be unreadable and are left out; 0 makes the first one an error.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="TweedieException">An image cannot be read, or too many.</exception>
    public static EncodedImages Encode(
        ImageClassifier classifier, IImageSource source, int batchSize, double maxBadShare = 0, CancellationToken cancellation = default)
    {
        var loader = new ImageLoader(source, ImageTransforms.ForEvaluation(classifier.Options.Encoder.ImageSize, classifier.Options.CropRatio),
            classifier.Options.Normalization(), new ImageLoaderOptions { BatchSize = batchSize, MaxBadShare = maxBadShare });
        var watch = System.Diagnostics.Stopwatch.StartNew();
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var (conditions, labels) = (new List<Tensor>(), new List<Tensor>());
        var leftOut = 0;
        foreach (var batch in loader.Epoch(0, 0, cancellation))
        {
            using (batch)
            {
                conditions.Add(classifier.Encode(batch.Images));
                labels.Add(batch.Targets.to(classifier.Device, copy: true));
                leftOut += batch.BadImages.Count;
            }
        }
        return new(cat(conditions).MoveToOuterDisposeScope(), cat(labels).MoveToOuterDisposeScope(), watch.Elapsed.TotalSeconds, leftOut);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Condition.Dispose();
        Labels.Dispose();
    }
}
