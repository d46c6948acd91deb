using Tweedie.Evaluation;
using Tweedie.Images;
using Tweedie.Models;

namespace Tweedie.Training;

/// <summary>A façade as a training sees it: the token model under it, how it is saved, and which metric measures it.</summary>
internal interface ITrainedModel : IDisposable
{
    /// <summary>The token model.</summary>
    TokenModel Model { get; }

    /// <summary>Writes the model folder.</summary>
    void Save(string folder);

    /// <summary>Writes the model folder without its weights.</summary>
    void SaveDescription(string folder);

    /// <summary>The metric that measures its predictions for a data set.</summary>
    IMetric Metric(IImageSource source);

    /// <summary>A classifier.</summary>
    static ITrainedModel Of(ImageClassifier classifier) =>
        new Facade(classifier.Model, classifier.Save, classifier.SaveDescription, source => new LabelAccuracy(source, classifier.Calibration), classifier);

    /// <summary>A captioner; its data sets are captioned.</summary>
    static ITrainedModel Of(ImageCaptioner captioner) =>
        new Facade(captioner.Model, captioner.Save, captioner.SaveDescription, source => new CaptionQuality(captioner, (ICaptionSource)source), captioner);

    private sealed class Facade(TokenModel model, Action<string> save, Action<string> describe, Func<IImageSource, IMetric> metric, IDisposable owner) : ITrainedModel
    {
        public TokenModel Model => model;

        public void Save(string folder) => save(folder);

        public void SaveDescription(string folder) => describe(folder);

        public IMetric Metric(IImageSource source) => metric(source);

        public void Dispose() => owner.Dispose();
    }
}
