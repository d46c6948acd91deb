using Tweedie.Evaluation;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Sampling;
using Tweedie.Tests.Models;

namespace Tweedie.Tests.Evaluation;

public sealed class CaptionEvaluationTests
{
    private static readonly SceneSource Source = new(7, seed: 4);

    [Fact]
    public void Every_combination_is_a_row_with_a_caption_for_each_image()
    {
        using var captioner = TinyCaptioner.Create();
        var settings = new EvaluationSettings
        { Steps = [1, 3], Guidance = [1, 2], Decode = [DecodeKind.Last, DecodeKind.Consensus], Control = ControlKind.Beside, BatchSize = 3 };

        var rows = Evaluate(captioner, Source, settings);

        rows.Should().HaveCount(16);
        rows.Select(row => (row.Sampling!.Steps, row.Sampling.Guidance, row.Decode, row.Sampling.Control)).Should().OnlyHaveUniqueItems();
        rows.Should().AllSatisfy(row => Captions(row).Should().HaveCount(7));
        var single = Evaluate(captioner, Source, settings with { Steps = [3], Guidance = [2], Decode = [DecodeKind.Last], Control = ControlKind.None });
        Captions(single.Single()).Should().Equal(Captions(rows.Single(row => row is { Sampling: { Steps: 3, Guidance: 2, Control: false }, Decode: DecodeKind.Last })));
    }

    [Fact]
    public void Each_image_is_read_and_encoded_once_whatever_the_grid()
    {
        using var captioner = TinyCaptioner.Create();
        var counting = new CountingCaptions(Source);

        Evaluate(captioner, counting, new EvaluationSettings { Steps = [1, 2, 3], Guidance = [1, 2], BatchSize = 3 });

        counting.Reads.Should().BeGreaterThanOrEqualTo(7).And.BeLessThanOrEqualTo(8, "the loader looks at the first image to learn its size");
    }

    [Fact]
    public void The_meaning_of_scenes_is_judged_and_that_of_other_captions_is_not()
    {
        string[] references = ["a small red circle at the top left.", "a large blue ring at the top right."];

        SceneMeaning.RightShare(["there is a little red circle in the top left.", "a large blue ring at the top left."], references).Should().Be(0.5);
        SceneMeaning.RightShare(["", "nonsense"], references).Should().Be(0);
        SceneMeaning.RightShare(["a dog", "a cat"], [references[0], "a dog on grass"]).Should().BeNull();
    }

    [Fact]
    public void What_the_model_cannot_do_is_refused_before_an_image_is_read()
    {
        using var captioner = TinyCaptioner.Create(TinyCaptioner.Options with { Method = TokenMethod.Mdd });
        var counting = new CountingCaptions(Source);

        FluentActions.Invoking(() => Evaluate(captioner, counting, new EvaluationSettings { Control = ControlKind.Beside })).Should().Throw<TweedieException>();
        counting.Reads.Should().Be(0);
    }

    private static IEnumerable<string> Captions(EvaluationRow row) => row.Metric<CaptionQuality>().Captions.Select(entry => entry.Caption);

    private static IReadOnlyList<EvaluationRow> Evaluate(ImageCaptioner captioner, ICaptionSource source, EvaluationSettings settings) => Evaluator.Evaluate(
        captioner.Model, EncodedImages.Stream(captioner.Model, source, settings.BatchSize), settings, [() => new CaptionQuality(captioner, source)]);

    private sealed class CountingCaptions(ICaptionSource source) : ICaptionSource
    {
        private int _reads;

        public int Reads => Volatile.Read(ref _reads);

        public string Name => source.Name;

        public int Count => source.Count;

        public IReadOnlyList<string> ClassNames => source.ClassNames;

        public IReadOnlyList<string> Warnings => source.Warnings;

        public int GetLabel(int index) => source.GetLabel(index);

        public long GetId(int index) => source.GetId(index);

        public IReadOnlyList<string> GetCaptions(int index) => source.GetCaptions(index);

        public RasterImage Read(int index)
        {
            Interlocked.Increment(ref _reads);
            return source.Read(index);
        }

        public string Describe(int index) => source.Describe(index);
    }
}
