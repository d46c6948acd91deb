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

    /// <summary>The captioner; null for other models.</summary>
    public ImageCaptioner? Captioner => _owner as ImageCaptioner;

    /// <summary>Makes the metric of a row.</summary>
    public Func<IMetric> Metric { get; }

    /// <summary>What a reader of the numbers should know: what is left out of the data, and whether they may be the training's own.</summary>
    public IReadOnlyList<string> Warnings { get; private set; } = [];

    /// <summary>Opens a model, of whatever kind its folder holds, and its data.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="data">The data.</param>
    /// <param name="split">Which part of the data, where they have splits.</param>
    /// <param name="limit">Takes this many images, spread evenly over the data; null takes all.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="precision">The weights' precision.</param>
    /// <param name="reading">How the data are read.</param>
    /// <param name="cancellation">Ends the opening of the data.</param>
    /// <exception cref="TweedieException">A file cannot be read, or the data do not fit the model.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static EvaluatedModel Open(string folder, string data, DataSplit split, int? limit, Device device, Precision precision, ImageSourceOptions reading, CancellationToken cancellation)
    {
        var owner = Load(folder, device, precision);
        try
        {
            var opened = owner switch
            {
                ImageCaptioner captioner => Of(captioner, data, split, limit, reading, cancellation),
                ImageAnnotator annotator => Of(annotator, data, split, limit, reading, cancellation),
                _ => Of((ImageClassifier)owner, data, split, limit, reading, cancellation),
            };
            opened.Warnings = [.. opened.Source.Warnings, .. OfWhole(data, cancellation)];
            return opened;
        }
        catch
        {
            owner.Dispose();
            throw;
        }
    }

    /// <summary>Opens labelled data with the numbers that a classifier gives the classes: they are matched by name.</summary>
    /// <exception cref="TweedieException">The data cannot be read, or do not fit the model.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static IImageSource OpenLabelled(string data, DataSplit split, ClassifierOptions model, ImageSourceOptions reading, CancellationToken cancellation) =>
        ImageSources.Open(data, split, reading with
        {
            Channels = model.Input.Channels,
            ClassNames = model.DataClasses ?? model.ClassNames,
            ClassAliases = model.ClassNames,
        }, cancellation);

    public void Dispose() => _owner.Dispose();

    // The first images would often be of one class.
    private static IEnumerable<int> Spread(int count, int limit) => Enumerable.Range(0, limit).Select(i => (int)((long)i * count / limit));

    // Class folders alone are often those of the training. A file is a part of data that the user has chosen.
    private static IEnumerable<string> OfWhole(string data, CancellationToken cancellation) =>
        !Directory.Exists(data) || CaptionSources.Recognizes(data, cancellation) || ImageSources.HasTestSplit(data, cancellation) ? []
            : [$"'{data}': has no test images of its own, so all its images are measured; for images that a model was trained on, the numbers are better than for new ones."];

    private static IDisposable Load(string folder, Device device, Precision precision) => ModelFolder.ReadKind(folder) switch
    {
        ModelFolder.Captioner => ImageCaptioner.Load(folder, device, precision),
        ModelFolder.Classifier => ImageClassifier.Load(folder, device, precision),
        ModelFolder.Annotator => ImageAnnotator.Load(folder, device, precision),
        var kind => throw new TweedieException($"{folder} holds a model of kind {kind}, which eval cannot measure; give the folder of a classifier, a captioner or an annotator.", FaultKind.Model),
    };

    private static EvaluatedModel Of(ImageCaptioner captioner, string data, DataSplit split, int? limit, ImageSourceOptions reading, CancellationToken cancellation)
    {
        var source = CaptionSources.Open(data, split, reading with { Channels = captioner.Options.Input.Channels }, cancellation);
        if (limit < source.Count)
            source = new CaptionSubset(source, Spread(source.Count, limit.Value));
        return new(captioner, captioner.Model, "caption", $"{captioner.Options.Method.ToString().ToLowerInvariant()} captioner", source,
            () => new CaptionQuality(captioner, source));
    }

    private static EvaluatedModel Of(ImageAnnotator annotator, string data, DataSplit split, int? limit, ImageSourceOptions reading, CancellationToken cancellation)
    {
        var source = AnnotatedSources.Open(data, CaptionSources.IsGenerated(data) ? split : TextSources.SplitOf(data, split),
            reading with { Channels = annotator.Options.Input.Channels }, model: annotator.Columns, cancellation: cancellation);
        if (limit < source.Count)
            source = new AnnotatedSubset(source, Spread(source.Count, limit.Value));
        return new(annotator, annotator.Model, "annotation", $"{annotator.Options.Method.ToString().ToLowerInvariant()} annotator", source,
            () => new SolvedProblems(source));
    }

    private static EvaluatedModel Of(ImageClassifier classifier, string data, DataSplit split, int? limit, ImageSourceOptions reading, CancellationToken cancellation)
    {
        var source = OpenLabelled(data, split, classifier.Options, reading, cancellation);
        if (limit < source.Count)
            source = new SubsetSource(source, Spread(source.Count, limit.Value));
        return new(classifier, classifier.Model, "classification", $"{classifier.Options.Method.ToString().ToLowerInvariant()} classifier", source,
            () => new LabelAccuracy(source, classifier.Calibration))
        {
            Classifier = classifier,
        };
    }
}
