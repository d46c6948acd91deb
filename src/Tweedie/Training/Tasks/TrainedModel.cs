using Tweedie.Evaluation;
using Tweedie.Images;
using Tweedie.Models;

namespace Tweedie.Training;

/// <summary>A façade as a training sees it.</summary>
/// <param name="Model">The token model under it.</param>
/// <param name="Save">Writes the model folder.</param>
/// <param name="SaveDescription">Writes the model folder without its weights.</param>
/// <param name="Owner">The façade, which is disposed of with this.</param>
internal sealed record TrainedModel(TokenModel Model, Action<string> Save, Action<string> SaveDescription, IDisposable Owner) : IDisposable
{
    /// <summary>The metric that measures its predictions for images; null where it takes none.</summary>
    public Func<IImageSource, IMetric>? Metric { get; init; }

    /// <summary>A classifier.</summary>
    public static TrainedModel Of(ImageClassifier classifier) => new(classifier.Model, classifier.Save, classifier.SaveDescription, classifier)
    {
        Metric = source => new LabelAccuracy(source, classifier.Calibration),
    };

    /// <summary>A captioner; its data sets are captioned.</summary>
    public static TrainedModel Of(ImageCaptioner captioner) => new(captioner.Model, captioner.Save, captioner.SaveDescription, captioner)
    {
        Metric = source => new CaptionQuality(captioner, (ICaptionSource)source),
    };

    /// <summary>An annotator; its data sets have attributes.</summary>
    public static TrainedModel Of(ImageAnnotator annotator) => new(annotator.Model, annotator.Save, annotator.SaveDescription, annotator)
    {
        Metric = source => new SolvedProblems((IAnnotatedSource)source),
    };

    /// <summary>A text generator.</summary>
    public static TrainedModel Of(TextGenerator generator) => new(generator.Model, generator.Save, generator.SaveDescription, generator);

    /// <summary>A row generator.</summary>
    public static TrainedModel Of(RowGenerator generator) => new(generator.Model, generator.Save, generator.SaveDescription, generator);

    /// <inheritdoc/>
    public void Dispose() => Owner.Dispose();
}
