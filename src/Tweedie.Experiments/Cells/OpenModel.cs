using Tweedie.Evaluation;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Training;

namespace Tweedie.Experiments.Cells;

/// <summary>A trained token model with its test images, which are encoded once, when first asked for.</summary>
public sealed class OpenModel : IDisposable
{
    private readonly IDisposable _owner;
    private readonly Lazy<EncodedImages> _images;

    private OpenModel(IDisposable owner, TokenModel model, IImageSource test, DataOptions data, int batchSize) =>
        (_owner, Model, Test, _images) = (owner, model, test, new(() => Encode(model, test, data.FeatureCache, batchSize)));

    /// <summary>The model.</summary>
    public TokenModel Model { get; }

    /// <summary>The test images.</summary>
    public IImageSource Test { get; }

    /// <summary>The test images, encoded.</summary>
    public EncodedImages Images => _images.Value;

    /// <summary>The classifier; for classifications only.</summary>
    public ImageClassifier Classifier => (ImageClassifier)_owner;

    /// <summary>The captioner; for captions only.</summary>
    public ImageCaptioner Captioner => (ImageCaptioner)_owner;

    /// <summary>The test images with their captions; for captions only.</summary>
    public ICaptionSource Captioned => (ICaptionSource)Test;

    /// <summary>Opens the model of a training.</summary>
    /// <exception cref="TweedieException">The data have no test images, or a file cannot be read.</exception>
    public static OpenModel Open(TrainingCell training, CellContext context) => context.Open(training, folder =>
    {
        if (training.Config is CaptionRun captions)
        {
            var captioner = ImageCaptioner.Load(folder, context.Device);
            return new OpenModel(captioner, captioner.Model, TestOf(captions, captioner.Options.Input.Channels), captions.Data, captions.Evaluation.BatchSize);
        }
        var config = (ClassificationRun)training.Config;
        var classifier = ImageClassifier.Load(folder, context.Device);
        var test = ImageSplits.Open(config.Data, config.Seed, classifier.Options.Input.Channels, classifier.Options.DataClasses ?? classifier.Options.ClassNames).Test
            ?? throw new TweedieException($"data.train = {config.Data.Train} has no test images; name them with data.test.");
        return new OpenModel(classifier, classifier.Model, test, config.Data, config.Evaluation.BatchSize);
    });

    // The features of a frozen encoder are kept: all models of a study share them.
    private static EncodedImages Encode(TokenModel model, IImageSource test, string? cacheFolder, int batchSize)
    {
        if (model.Extractor is not { } extractor)
            return EncodedImages.Encode(model, test, batchSize);
        using var cache = FeatureCache.Open(cacheFolder, extractor);
        return EncodedImages.Encode(model, cache.Complete(test), batchSize);
    }

    /// <summary>The test images of a run on captions.</summary>
    public static ICaptionSource TestOf(CaptionRun config, int channels) =>
        CaptionSources.Open(config.Data.Test ?? config.Data.Train, DataSplit.Test, config.Data.Opening(channels));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_images.IsValueCreated)
            _images.Value.Dispose();
        _owner.Dispose();
    }
}
