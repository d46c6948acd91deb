using Tweedie.Cli.Output;
using Tweedie.Evaluation;
using Tweedie.Experiments.Comparisons;
using Tweedie.Images;
using Tweedie.Platform;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Cli.Commands;

/// <summary>A model of <c>tweedie compare</c>, measured.</summary>
/// <param name="Name">Its folder, as it was given.</param>
/// <param name="Task">The name of the task in results.</param>
/// <param name="Origin">Its folder, its kind and the hash of its weights.</param>
/// <param name="Source">The name of the data.</param>
/// <param name="Warnings">What is left out of the data, and the like.</param>
/// <param name="Items">Number of images.</param>
/// <param name="Setting">The setting in a word, such as linear.</param>
/// <param name="Sampling">How it was sampled; null for a linear head.</param>
/// <param name="Decode">The decoding; null for a linear head.</param>
/// <param name="Values">Its scores by name.</param>
/// <param name="ByItem">Its scores by name and image.</param>
/// <param name="Seconds">Time of sampling, without the encoder.</param>
internal sealed record ComparedModel(
    string Name, string Task, ResultOrigin.ModelOrigin Origin, string Source, IReadOnlyList<string> Warnings, int Items, string Setting, SamplingOptions? Sampling, DecodeKind? Decode, IReadOnlyDictionary<string, double> Values,
    IReadOnlyDictionary<string, double[]> ByItem, double Seconds)
{
    /// <summary>Loads a model, measures it and lets go of it, so that only one is in memory.</summary>
    public static ComparedModel Measure(string folder, string data, DataSplit split, int? limit, EvaluationSettings settings, DecodeKind? decode, Device device, Precision precision,
        ImageSourceOptions reading, string? cache, LiveLine line, CancellationToken cancellation)
    {
        using var opened = EvaluatedModel.Open(folder, data, split, limit, device, precision, reading, cancellation);
        var own = settings with { Steps = opened.Model.Process.FixedSteps is null ? settings.Steps : null, Decode = [decode ?? opened.Model.DefaultSampling.Decode!.Value] };
        var count = 0;
        using var measured = MeasuredImages.Open(opened.Model, folder, opened.Source, cache, line, cancellation);
        var images = measured.Stream(own.BatchSize, cancellation).Select(batch =>
        {
            count += batch.Count;
            line.Write($"{folder}: {count:N0} of {opened.Source.Count:N0} images encoded");
            return batch;
        });
        IReadOnlyList<Func<IMetric>> metrics = opened.Source is ICaptionSource captions
            ? [() => new CaptionItemScores((CaptionQuality)opened.Metric(), captions)] : [opened.Metric, () => new LabelHits(opened.Source)];
        var row = Evaluator.Evaluate(opened.Model, images, own, metrics, cancellation).Single();
        return new(folder, opened.Task, ResultOrigin.ModelOrigin.Of(folder), opened.Source.Name, opened.Warnings, count, row.Name, row.Sampling, row.Decode, row.Values,
            row.Metrics.OfType<IItemScores>().Single().ByItem(), row.Seconds);
    }
}
