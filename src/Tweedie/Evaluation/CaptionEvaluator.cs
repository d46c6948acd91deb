using Tweedie.Configuration;
using Tweedie.Data;
using Tweedie.Models;

namespace Tweedie.Evaluation;

/// <summary>Captions of a data set over a grid of samplings, and their scores. Each image is encoded once, whatever the grid.</summary>
public static class CaptionEvaluator
{
    /// <summary>Evaluates every combination of the settings.</summary>
    /// <param name="captioner">The model.</param>
    /// <param name="source">The images and their captions.</param>
    /// <param name="settings">The grid.</param>
    /// <param name="maxBadShare">The share of the images that may be unreadable and are left out; 0 makes the first one an error.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="TweedieException">A setting is out of range or asks for what the model cannot do, or an image cannot be read.</exception>
    public static IReadOnlyList<CaptionEvaluation> Evaluate(
        ImageCaptioner captioner, ICaptionSource source, CaptionSettings settings, double maxBadShare = 0, CancellationToken cancellation = default)
    {
        OptionsValidator.Validate(settings, "evaluation");
        var grid = Grid(settings).Select(sampling => new CaptionSampling(captioner, sampling, settings)).ToList();
        var loader = new ImageLoader(source, ImageTransforms.ForEvaluation(captioner.Options.Encoder.ImageSize, captioner.Options.CropRatio),
            captioner.Options.Normalization(), new ImageLoaderOptions { BatchSize = settings.BatchSize, MaxBadShare = maxBadShare });
        var references = new List<IReadOnlyList<string>>();
        foreach (var batch in loader.Epoch(0, 0, cancellation))
        {
            using (batch)
            {
                using var condition = captioner.Encode(batch.Images);
                // The seed depends on the batch, so that no two images share their noise.
                var seed = Seeds.Derive(settings.Seed, SeedPurpose.Sample, batch.Indices[0]);
                references.AddRange(batch.Indices.Select(source.GetCaptions));
                grid.ForEach(sampling => sampling.Add(condition, seed, cancellation));
            }
        }
        return [.. grid.SelectMany(sampling => sampling.Score(references))];
    }

    private static IEnumerable<SamplingOptions> Grid(CaptionSettings settings) =>
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
            Unmasking = settings.Unmasking,
            Control = control,
        };
}
