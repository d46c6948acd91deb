using Tweedie.Evaluation;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Tests.Models.Clip;

/// <summary>A CLIP chooses the caption that is most like its image, of one image and of those of a source.</summary>
public sealed class ClipJudgeTests
{
    private static readonly SamplingOptions Drawn = new() { Steps = 2, ToOne = ToOneKind.Multinomial, Temperature = 3, Draws = 6, Seed = 3, Choose = CandidateChoice.Judge };
    private static readonly SceneSource Source = new(5, seed: 4);

    [Fact]
    public void The_caption_that_is_most_like_the_image_is_the_answer()
    {
        using var scope = NewDisposeScope();
        using var clip = TinyClip.Create();
        using var captioner = TinyCaptioner.Create();
        TinyNetwork.Randomize(clip.Network);
        var chosen = new HashSet<int>();
        for (var item = 0; item < Source.Count; item++)
        {
            var image = Source.Read(item);
            var sampling = Drawn with { Seed = item };
            var candidates = captioner.Sentences(Draws(captioner, image, sampling));
            var vector = clip.EmbedImages([image])[0];
            var best = candidates.Select((text, draw) => (Draw: draw, Cosine: clip.EmbedTexts([text])[0].Zip(vector, (a, b) => a * b).Sum())).MaxBy(pair => pair.Cosine).Draw;
            captioner.Model.Judge = new ClipJudge(clip, captioner, _ => image);

            captioner.Caption(image, sampling).Should().Be(candidates[best]);

            candidates.Distinct().Should().HaveCountGreaterThan(1, "there is something to choose");
            chosen.Add(best);
        }
        chosen.Should().HaveCountGreaterThan(1, "it is not always the same draw");
    }

    [Fact]
    public void An_evaluation_asks_about_each_image_by_its_place_in_the_source()
    {
        using var captioner = TinyCaptioner.Create();
        var judge = new LastDraw();
        captioner.Model.Judge = judge;
        var settings = new EvaluationSettings { Steps = [2], Decode = [DecodeKind.Last], ToOne = [ToOneKind.Multinomial], Draws = 3, BatchSize = 2, Sampling = new() { Choose = CandidateChoice.Judge } };

        var row = Evaluator.Evaluate(captioner.Model, EncodedImages.Stream(captioner.Model, Source, 2), settings, [() => new CaptionQuality(captioner, Source)]).Single();

        row.Metric<CaptionQuality>().Captions.Should().HaveCount(Source.Count);
        judge.Asked.Should().Equal(0, 1, 0, 1, 0, 1, 2, 3, 2, 3, 2, 3, 4, 4, 4);
    }

    [Fact]
    public void Without_a_judge_nothing_is_chosen_by_one()
    {
        using var captioner = TinyCaptioner.Create();

        FluentActions.Invoking(() => captioner.Model.Resolve(Drawn)).Should().Throw<TweedieException>().WithMessage("*judge*TokenModel.Judge*there is none; set one, or leave it out*");
    }

    private static Tensor Draws(ImageCaptioner captioner, RasterImage image, SamplingOptions sampling)
    {
        using var condition = captioner.Encode(captioner.Prepare([image]));
        var rows = captioner.Denoise(condition, sampling with { Choose = CandidateChoice.None }).Select(step => step.Snapshot().Tokens).ToList()[^1];
        return tensor(rows.SelectMany(row => row).ToArray(), [rows.Count, rows[0].Length]);
    }

    private sealed class LastDraw : ICandidateJudge
    {
        public List<int> Asked { get; } = [];

        public IReadOnlyList<double> Score(IReadOnlyList<int> items, Tensor rows)
        {
            Asked.AddRange(items);
            return [.. items.Select(_ => (double)Asked.Count)];
        }
    }
}
