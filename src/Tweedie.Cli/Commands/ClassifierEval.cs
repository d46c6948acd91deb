using Spectre.Console;
using Tweedie.Cli.Output;
using Tweedie.Configuration;
using Tweedie.Data;
using Tweedie.Evaluation;
using Tweedie.Models;

namespace Tweedie.Cli.Commands;

/// <summary><c>tweedie eval</c> of a classifier.</summary>
internal static class ClassifierEval
{
    public static int Run(EvalTarget target, ClassificationSettings settings, CancellationToken cancellation)
    {
        var (model, data, limit, json, device, precision) = target;
        OptionsValidator.Validate(settings, "eval");
        if (limit < 1)
            throw new TweedieException($"--limit {limit}: give the number of images, at least 1.");
        JsonOutput.Check(json);
        using var classifier = ImageClassifier.Load(model, device, precision.WarnIfSlow(device));
        var source = Open(data, classifier.Options);
        if (source.ClassNames.Count > classifier.Options.ClassNames.Count)
            throw new TweedieException($"{data} has {source.ClassNames.Count} classes, the model {model} only {classifier.Options.ClassNames.Count}; evaluate on the data it was trained for.");
        if (limit < source.Count)
            source = new SubsetSource(source, [.. Enumerable.Range(0, limit.Value)]);
        var console = Screen.Create(json);
        console.WriteLine($"{model}: {classifier.Options.Method.ToString().ToLowerInvariant()} classifier, {source.Count} images of {source.Name}");
        using var images = EncodedImages.Encode(classifier, source, settings.BatchSize, cancellation: cancellation);
        console.WriteLine(FormattableString.Invariant($"encoded once in {images.Seconds:F1} s"));
        var rows = ClassificationEvaluator.Evaluate(classifier, images, settings, cancellation).ToList();
        console.Write(AccuracyTable.Create(rows));
        JsonOutput.Write(json, new { Task = "classification", Samples = images.Count, Results = rows });
        return ExitCodes.Success;
    }

    private static IImageSource Open(string data, ClassifierOptions model)
    {
        var options = new ImageSourceOptions { Channels = model.Encoder.Channels };
        var source = ImageSources.Open(data, DataSplit.Test, options);
        // A set that lacks some classes would number the others differently: it takes the model's numbers, by name.
        return source.ClassNames.Count == model.ClassNames.Count ? source
            : ImageSources.Open(data, DataSplit.Test, options with { ClassNames = model.ClassNames });
    }
}
