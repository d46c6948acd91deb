using TorchSharp;
using Tweedie.Data;
using Tweedie.Models;
using static TorchSharp.torch;

namespace Tweedie.Evaluation;

/// <summary>Condition tokens and labels of a whole data set: each image is encoded once, however many samplings follow.</summary>
/// <param name="Condition">Shape (S, M, d), on the model's device.</param>
/// <param name="Labels">Shape (S), int64, on the model's device.</param>
/// <param name="Seconds">Time of reading and encoding.</param>
public sealed record EncodedImages(Tensor Condition, Tensor Labels, double Seconds) : IDisposable
{
    /// <summary>Number of images.</summary>
    public int Count => (int)Labels.shape[0];

    /// <summary>Reads and encodes all images of the batches.</summary>
    public static EncodedImages Encode(ImageClassifier classifier, IEnumerable<ImageBatch> batches)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var (conditions, labels) = (new List<Tensor>(), new List<Tensor>());
        foreach (var batch in batches)
        {
            using (batch)
            {
                conditions.Add(classifier.Encode(batch.Images));
                labels.Add(batch.Labels.to(classifier.Device, copy: true));
            }
        }
        return new(cat(conditions).MoveToOuterDisposeScope(), cat(labels).MoveToOuterDisposeScope(), watch.Elapsed.TotalSeconds);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Condition.Dispose();
        Labels.Dispose();
    }
}
