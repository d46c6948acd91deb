using Tweedie.Data;
using Tweedie.Evaluation;
using Tweedie.Models;

namespace Tweedie.Experiments.Cells;

/// <summary>A trained model with its test images.</summary>
/// <param name="Classifier">The model.</param>
/// <param name="Test">The test images.</param>
/// <param name="Images">The same, encoded.</param>
public sealed record OpenModel(ImageClassifier Classifier, IImageSource Test, EncodedImages Images) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Images.Dispose();
        Classifier.Dispose();
    }
}
