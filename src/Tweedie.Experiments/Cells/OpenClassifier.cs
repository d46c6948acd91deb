using Tweedie.Data;
using Tweedie.Evaluation;
using Tweedie.Models;
using Tweedie.Training;

namespace Tweedie.Experiments.Cells;

/// <summary>A trained classifier with its test images.</summary>
/// <param name="Classifier">The model.</param>
/// <param name="Test">The test images.</param>
/// <param name="Images">The same, encoded.</param>
public sealed record OpenClassifier(ImageClassifier Classifier, IImageSource Test, EncodedImages Images) : IDisposable
{
    /// <summary>Opens the model of a training.</summary>
    /// <exception cref="TweedieException">The data have no test images, or a file cannot be read.</exception>
    public static OpenClassifier Open(TrainingCell training, CellContext context, CancellationToken cancellation) => context.Open(training, folder =>
    {
        var config = (ClassificationRun)training.Config;
        var classifier = ImageClassifier.Load(folder, context.Device);
        var test = ImageSplits.Open(config.Data, config.Seed, classifier.Options.Encoder.Channels).Test
            ?? throw new TweedieException($"data.train = {config.Data.Train} has no test images; name them with data.test.");
        return new OpenClassifier(classifier, test, EncodedImages.Encode(classifier, test, config.Evaluation.BatchSize, cancellation: cancellation));
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        Images.Dispose();
        Classifier.Dispose();
    }
}
