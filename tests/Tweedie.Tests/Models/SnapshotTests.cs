using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Networks;
using Tweedie.Sampling;
using Tweedie.Tests.Training;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Tests.Models;

/// <summary>
/// Compares seeded outputs of every kind of model and the losses of every kind of training with <c>Golden/snapshot.json</c>. A change of the code
/// that must not change the numbers keeps them bit for bit on the platform that wrote them (<see cref="NumericPlatform"/>), and nearly on every other
/// one. There, a choice between two nearly equal scores may fall the other way, so only what comes before the first choice is compared.
/// <c>TWEEDIE_UPDATE_GOLDEN=1</c> writes the file anew.
/// </summary>
[Collection(GlobalState.Name)]
public sealed class SnapshotTests
{
    private static readonly string File = Path.Combine(Shared.RepositoryRoot, "tests", "Tweedie.Tests", "Golden", "snapshot.json");

    private static readonly SamplingOptions[] Samplings =
    [
        new() { Steps = 8, Seed = 1 },
        new() { Steps = 6, Guidance = 2.5, GuidanceSchedule = GuidanceSchedule.Linear, Seed = 2 },
        new() { Steps = 5, ToOne = ToOneKind.Multinomial, Seed = 3 },
        new() { Steps = 4, Control = true, Guidance = 1.5, Seed = 4 },
    ];

    private static readonly CaptionerOptions Embedded = TinyCaptioner.Options with { Denoiser = TinyCaptioner.Options.Denoiser with { Width = 2, Heads = 1 } };
    private static readonly CaptionerOptions Masked = TinyCaptioner.Options with { Method = TokenMethod.Mdd };

    private static readonly CaptionRun Captions = new()
    {
        Seed = 3,
        PaddingWeight = 0.1,
        Data = new DataOptions { Train = "scenes:count=64,phrasings=2", Workers = 0 },
        Model = TinyCaptioner.Options with { Tokens = 28, Encoder = TinyRun.Encoder with { ImageSize = 32 }, Mean = [], Std = [] },
        Training = TinyRun.Config.Training with { Reuse = 2, ConditionDropout = 0.2 },
        Evaluation = TinyRun.Config.Evaluation,
    };

    private static readonly ClassificationRun Labels = TinyRun.Config with { Data = TinyRun.Config.Data with { Train = "shapes:count=96,size=16", Holdout = 0 } };

    [Fact]
    public void Sampling_and_training_give_the_recorded_numbers()
    {
        manual_seed(7);
        var snapshots = new SortedDictionary<string, Snapshot>(StringComparer.Ordinal);
        foreach (var (name, compute) in Classifiers().Concat(Captioners()).Concat(Trainings()))
            snapshots.Add(name, compute());
        if (Environment.GetEnvironmentVariable("TWEEDIE_UPDATE_GOLDEN") == "1")
            new Golden(NumericPlatform.Current ?? "unknown", snapshots).Write(File);

        var golden = Golden.Read(File);
        snapshots.Keys.Should().BeEquivalentTo(golden.Snapshots.Keys);
        var isExact = golden.Platform == NumericPlatform.Current;
        string.Join('\n', snapshots.Where(pair => !pair.Value.IsSame(golden.Snapshots[pair.Key], isExact))
            .Select(pair => $"{pair.Key}: {pair.Value.Compare(golden.Snapshots[pair.Key])}")).Should().Be("");
    }

    private static IEnumerable<(string, Func<Snapshot>)> Classifiers()
    {
        foreach (var (index, sampling) in Samplings.Index())
            yield return ($"classifier, sampling {index}", () => WithClassifier(TinyClassifier.Options, (model, condition) => Snapshot.Of(model.Denoise(condition, sampling))));
        foreach (var decode in Enum.GetValues<DecodeKind>())
            yield return ($"classifier, 6 draws by {decode}", () => Predict(TinyClassifier.Options, new() { Steps = 5, Draws = 6, Decode = decode, ToOne = ToOneKind.Multinomial }));
        foreach (var prediction in new[] { PredictionKind.Noise, PredictionKind.Clean })
            yield return ($"classifier that predicts {prediction}", () => Predict(
                TinyClassifier.Options with { Diffusion = new DiffusionOptions { Prediction = prediction, Scale = 0.5, Schedule = ScheduleKind.LogSnr } }, new() { Steps = 3, Guidance = 1.5, Decode = DecodeKind.Last }));
        yield return ("linear classifier", () => Predict(TinyClassifier.Linear, new()));
    }

    private static Snapshot Predict(ClassifierOptions options, SamplingOptions sampling) => WithClassifier(options, (model, condition) =>
    {
        using var prediction = model.PredictEncoded(condition, sampling);
        return Snapshot.Of(prediction.Mean.data<float>().Concat(prediction.Variance.data<float>()), areSteady: false);
    });

    private static Snapshot WithClassifier(ClassifierOptions options, Func<ImageClassifier, Tensor, Snapshot> use)
    {
        using var model = TinyClassifier.Create(options);
        using var images = TinyClassifier.Images(3);
        using var condition = model.Encode(images);
        return use(model, condition);
    }

    private static IEnumerable<(string, Func<Snapshot>)> Captioners()
    {
        foreach (var (name, options) in new[] { ("captioner", TinyCaptioner.Options), ("embedded captioner", Embedded) })
        {
            foreach (var (index, sampling) in Samplings.Index())
                yield return ($"{name}, sampling {index}", () => Caption(options, sampling with { Draws = index == 2 ? 2 : 1 }));
            yield return ($"{name} until it is stable", () => Caption(options, new() { Steps = 40, StopWhenStable = 2 }));
        }
        yield return ("masked captioner by confidence", () => Caption(Masked, new() { Steps = 5, Seed = 1 }));
        yield return ("masked captioner, guided draws", () => Caption(Masked, new() { Steps = 4, Guidance = 1.5, ToOne = ToOneKind.Multinomial, Draws = 2, Seed = 2 }));
        yield return ("masked captioner, ancestral", () => Caption(Masked, new() { Steps = 9, Unmasking = UnmaskingKind.Ancestral, Seed = 3 }));
    }

    private static Snapshot Caption(CaptionerOptions options, SamplingOptions sampling)
    {
        using var model = TinyCaptioner.Create(options);
        using var images = TinyClassifier.Images(2);
        using var condition = model.Encode(images);
        return Snapshot.Of(model.Denoise(condition, sampling));
    }

    private static IEnumerable<(string, Func<Snapshot>)> Trainings()
    {
        yield return ("losses of a classifier", () => Losses(Labels));
        yield return ("losses of a linear classifier", () => Losses(Labels with { Model = Labels.Model with { Method = TokenMethod.Linear } }));
        yield return ("losses of a noise regression, in micro-batches", () => Losses(Labels with
        {
            Model = Labels.Model with { Diffusion = new DiffusionOptions { Prediction = PredictionKind.Noise } },
            Training = Labels.Training with { Accumulation = 2, Timesteps = TimestepDistribution.Beta },
        }));
        yield return ("losses of a captioner", () => Losses(Captions));
        // At a width of 2, a layer norm gives ±1 whatever it is given: its gradient is rounding alone, which Adam makes as large as any other.
        yield return ("losses of an embedded captioner", () => Losses(Captions with { Model = Captions.Model with { Denoiser = Embedded.Denoiser with { Width = 4 } } }));
        yield return ("losses of a masked captioner", () => Losses(Captions with { Model = Captions.Model with { Method = TokenMethod.Mdd } }));
        yield return ("losses of a CLIP", () => Losses(new ClipRun
        {
            Seed = 3,
            Data = Captions.Data,
            Model = new ClipModelOptions
            {
                Network = new ClipOptions
                {
                    EmbeddingWidth = 16,
                    Image = new ClipImageOptions { ImageSize = 32, PatchSize = 8, Width = 32, Depth = 1, Heads = 2, MlpRatio = 2 },
                    Text = new ClipTextOptions { Length = 40, Width = 32, Depth = 1, Heads = 2, MlpRatio = 2 },
                },
            },
            Training = Captions.Training,
        }));
    }

    private static Snapshot Losses(RunConfig run)
    {
        using var folder = new TrainingFolder();
        var reports = new Reports();
        folder.Train(run, reports: reports);
        return Snapshot.Of(reports.Steps.Select(report => (float)report.Loss), areSteady: true);
    }
}
