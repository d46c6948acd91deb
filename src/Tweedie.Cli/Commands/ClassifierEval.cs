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
        if (classifier.Options.Method == ClassifierMethod.Tdd)
            foreach (var steps in settings.Steps)
                _ = new SamplingOptions { Steps = steps }.CreateProcess(classifier.Schedule); // refuses too many before all images are read
        var source = Open(data, classifier.Options);
        if (source.ClassNames.Count > classifier.Options.ClassNames.Count)
            throw new TweedieException($"{data} has {source.ClassNames.Count} classes, the model {model} only {classifier.Options.ClassNames.Count}; evaluate on the data it was trained for.");
        WarnOfOtherOrder(data, source.ClassNames, classifier.Options.ClassNames);
        if (limit < source.Count)
            source = new SubsetSource(source, [.. Enumerable.Range(0, limit.Value)]);
        var console = Screen.Create(json);
        console.WriteLine($"{model}: {classifier.Options.Method.ToString().ToLowerInvariant()} classifier, {source.Count} images of {source.Name}");
        using var images = EncodedImages.Encode(classifier, source, settings.BatchSize, cancellation: cancellation);
        console.WriteLine(FormattableString.Invariant($"encoded once in {images.Seconds:F1} s"));
        var rows = ClassificationEvaluator.Evaluate(classifier, images, settings, cancellation).ToList();
        console.Write(AccuracyTable.Create(rows));
        JsonOutput.Write(json, new { Task = "classification", Samples = images.Count, Results = rows.Select(Row) });
        return ExitCodes.Success;
    }

    private static object Row(ClassificationResult row) =>
        new { row.Steps, row.Guidance, row.ToOne, row.Decode, row.Control, row.Top1, row.Top5, row.Seconds };

    // Names that the model does not know may be those before a config renamed the classes; a known name at another number is a mistake.
    private static void WarnOfOtherOrder(string data, IReadOnlyList<string> names, IReadOnlyList<string> model)
    {
        var moved = Enumerable.Range(0, names.Count).FirstOrDefault(label => names[label] != model[label] && model.Contains(names[label]), -1);
        if (moved >= 0)
            Console.Error.WriteLine($"warning: class {moved} is '{names[moved]}' in {data} and '{model[moved]}' in the model: labels are compared by number, "
                + "so the classes must be the same and in the same order.");
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
