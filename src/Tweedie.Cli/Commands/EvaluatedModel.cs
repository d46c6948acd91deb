using Tweedie.Evaluation;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Platform;
using static TorchSharp.torch;

namespace Tweedie.Cli.Commands;

/// <summary>A model as <c>tweedie eval</c> sees it: what it is, the data it is measured on and the metric that measures it.</summary>
internal sealed class EvaluatedModel : IDisposable
{
    private readonly IDisposable _owner;

    private EvaluatedModel(IDisposable owner, TokenModel model, string task, string title, IImageSource source, Func<IMetric> metric) =>
        (_owner, Model, Task, Title, Source, Metric) = (owner, model, task, title, source, metric);

    /// <summary>The model of tokens.</summary>
    public TokenModel Model { get; }

    /// <summary>The name of the task in results.</summary>
    public string Task { get; }

    /// <summary>A description of the model in a few words.</summary>
    public string Title { get; }

    /// <summary>The images.</summary>
    public IImageSource Source { get; }

    /// <summary>The classifier; null for other models.</summary>
    public ImageClassifier? Classifier { get; private init; }

    /// <summary>Makes the metric of a row.</summary>
    public Func<IMetric> Metric { get; }

    /// <summary>Opens a model, of whatever kind its folder holds, and its data.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="data">The data; if a data set has splits, its test split is used.</param>
    /// <param name="limit">Takes only the first images, this many; null takes all.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="precision">The weights' precision.</param>
    /// <exception cref="TweedieException">A file cannot be read, or the data do not fit the model.</exception>
    public static EvaluatedModel Open(string folder, string data, int? limit, Device device, Precision precision) => ModelFolder.ReadKind(folder) switch
    {
        ModelFolder.Captioner => OpenCaptioner(folder, data, limit, device, precision),
        ModelFolder.Classifier => OpenClassifier(folder, data, limit, device, precision),
        var kind => throw new TweedieException($"{folder} holds a model of kind {kind}, which eval cannot measure; give the folder of a classifier or a captioner.", FaultKind.Model),
    };

    public void Dispose() => _owner.Dispose();

    private static EvaluatedModel OpenCaptioner(string folder, string data, int? limit, Device device, Precision precision)
    {
        var captioner = ImageCaptioner.Load(folder, device, precision);
        var source = CaptionSources.Open(data, DataSplit.Test, captioner.Options.Encoder.Channels);
        if (limit < source.Count)
            source = new CaptionSubset(source, new SubsetSource(source, Enumerable.Range(0, limit.Value)));
        return new(captioner, captioner.Model, "caption", $"{captioner.Options.Method.ToString().ToLowerInvariant()} captioner", source,
            () => new CaptionQuality(captioner, source));
    }

    private static EvaluatedModel OpenClassifier(string folder, string data, int? limit, Device device, Precision precision)
    {
        var classifier = ImageClassifier.Load(folder, device, precision);
        var source = OpenLabelled(folder, data, DataSplit.Test, classifier.Options);
        if (limit < source.Count)
            source = new SubsetSource(source, [.. Enumerable.Range(0, limit.Value)]);
        return new(classifier, classifier.Model, "classification", $"{classifier.Options.Method.ToString().ToLowerInvariant()} classifier", source,
            () => new LabelAccuracy(source, classifier.Calibration)) { Classifier = classifier };
    }

    /// <summary>Opens labelled data with the numbers that a classifier gives the classes.</summary>
    /// <exception cref="TweedieException">The data cannot be read, or do not fit the model.</exception>
    public static IImageSource OpenLabelled(string folder, string data, DataSplit split, ClassifierOptions model)
    {
        var options = new ImageSourceOptions { Channels = model.Encoder.Channels };
        var source = ImageSources.Open(data, split, options);
        // A set that lacks some classes would number the others differently, so its classes take the model's numbers by name.
        if (source.ClassNames.Count != model.ClassNames.Count)
            source = ImageSources.Open(data, split, options with { ClassNames = model.ClassNames });
        if (source.ClassNames.Count > model.ClassNames.Count)
            throw new TweedieException($"{data} has {source.ClassNames.Count} classes, the model {folder} only {model.ClassNames.Count}; evaluate on the data it was trained for.");
        WarnOfOtherOrder(data, source.ClassNames, model.ClassNames);
        return source;
    }

    // Names that the model does not know may be from before a config renamed the classes; a known name at another number is a mistake.
    private static void WarnOfOtherOrder(string data, IReadOnlyList<string> names, IReadOnlyList<string> model)
    {
        var moved = Enumerable.Range(0, names.Count).FirstOrDefault(label => names[label] != model[label] && model.Contains(names[label]), -1);
        if (moved >= 0)
            Console.Error.WriteLine($"warning: class {moved} is '{names[moved]}' in {data} and '{model[moved]}' in the model: labels are compared by number, "
                + "so the classes must be the same and in the same order.");
    }
}
