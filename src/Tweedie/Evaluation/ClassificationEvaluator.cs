using System.Diagnostics;
using Tweedie.Configuration;
using Tweedie.Diffusion;
using Tweedie.Models;
using static TorchSharp.torch;

namespace Tweedie.Evaluation;

/// <summary>Accuracy of a classifier over a grid of samplings, from images that were encoded once.</summary>
public static class ClassificationEvaluator
{
    /// <summary>Evaluates every combination of the settings, lazily: a row appears when it is done. A linear classifier gives one row.</summary>
    /// <exception cref="TweedieException">A setting is out of range, or has more steps than the model timesteps.</exception>
    public static IEnumerable<ClassificationResult> Evaluate(
        ImageClassifier classifier, EncodedImages images, ClassificationSettings settings, CancellationToken cancellation = default)
    {
        OptionsValidator.Validate(settings, "evaluation");
        if (classifier.Options.Method == ClassifierMethod.Linear)
        {
            yield return EvaluateLinear(classifier, images);
            yield break;
        }
        var grid = Grid(settings).ToList();
        foreach (var sampling in grid)
            _ = sampling.CreateProcess(classifier.Schedule); // refuses what the model cannot do before the first row, which may take long
        foreach (var sampling in grid)
            foreach (var row in EvaluateSampling(classifier, images, sampling, settings, cancellation))
                yield return row;
    }

    private static IEnumerable<SamplingOptions> Grid(ClassificationSettings settings) =>
        from steps in settings.Steps
        from guidance in settings.Guidance
        from toOne in settings.ToOne
        from control in settings.Control ? new[] { false, true } : [false]
        select new SamplingOptions
        {
            Steps = steps,
            Guidance = guidance,
            GuidanceSchedule = settings.GuidanceSchedule,
            ToOne = toOne,
            Control = control,
            Draws = settings.Draws,
        };

    private static IEnumerable<ClassificationResult> EvaluateSampling(ImageClassifier classifier, EncodedImages images,
        SamplingOptions sampling, ClassificationSettings settings, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var counts = settings.Decode.ToDictionary(decode => decode, _ => new TopK());
        for (var start = 0; start < images.Count; start += settings.BatchSize)
        {
            using var noGrad = no_grad();
            using var scope = NewDisposeScope();
            var length = Math.Min(settings.BatchSize, images.Count - start);
            var labels = images.Labels.narrow(0, start, length);
            // The seed depends on the batch, so that no two images share their noise.
            var batch = sampling with { Seed = Seeds.Derive(settings.Seed, SeedPurpose.Sample, start) };
            using var trajectories = new Trajectories();
            foreach (var (draws, steps) in classifier.Draws(images.Condition.narrow(0, start, length), batch, cancellation))
                trajectories.Add(steps, draws);
            foreach (var (decode, count) in counts)
                count.Add(trajectories.Probabilities(decode), labels, decode == DecodeKind.Last ? trajectories.SingleChoice : null);
        }
        var seconds = watch.Elapsed.TotalSeconds;
        foreach (var (decode, count) in counts)
            yield return new(sampling.Steps, sampling.Guidance, sampling.ToOne, decode, sampling.Control, count.Top1, count.Top5, seconds);
    }

    private static ClassificationResult EvaluateLinear(ImageClassifier classifier, EncodedImages images)
    {
        var watch = Stopwatch.StartNew();
        using var prediction = classifier.PredictEncoded(images.Condition);
        var count = new TopK();
        count.Add(prediction.Mean, images.Labels);
        return new(null, null, null, null, null, count.Top1, count.Top5, watch.Elapsed.TotalSeconds);
    }
}
