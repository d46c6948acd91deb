using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Sampling;
using Tweedie.Tests.Models;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Tests.Training;

[Collection(GlobalState.Name)]
public sealed class CaptionTrainingTests : IDisposable
{
    private static readonly CaptionRun Run = new()
    {
        Seed = 3,
        Data = new DataOptions { Train = "scenes:count=76,phrasings=2", Holdout = 12, Workers = 0 },
        Model = TinyCaptioner.Options with { Tokens = 28, Encoder = TinyRun.Encoder with { ImageSize = 32 }, Mean = [], Std = [] },
        Training = TinyRun.Config.Training with { Reuse = 2, ConditionDropout = 0.2 },
        Evaluation = TinyRun.Config.Evaluation,
    };

    private readonly TrainingFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(TokenMethod.Tdd)]
    [InlineData(TokenMethod.Mdd)]
    public void A_training_writes_a_model_that_captions(TokenMethod method)
    {
        var metrics = _folder.Train(Run with { Model = Run.Model with { Method = method } });

        metrics.Keys.Should().BeEquivalentTo(
            [.. from steps in new[] { 1, 3 } from name in new[] { "bleu4", "rougeL", "ciderD", "rightMeaning" } select $"{name}.{steps}steps.last", "validationLoss"]);
        using var captioner = ImageCaptioner.Load(_folder.Run.Model);
        using var images = captioner.Prepare([new SceneSource(1).Read(0)]);
        using var condition = captioner.Encode(images);
        captioner.Caption(condition, new SamplingOptions { Steps = 3 }).Should().ContainSingle();
    }

    [Theory]
    [InlineData(TokenMethod.Tdd)]
    [InlineData(TokenMethod.Mdd)]
    public void A_resumed_training_ends_with_the_same_weights(TokenMethod method)
    {
        var run = Run with { Model = Run.Model with { Method = method } };
        using var whole = new TrainingFolder();
        whole.Train(run);

        _folder.TrainUntil(5, run);
        _folder.Train(run, resume: true);

        _folder.Weights().Should().BeEquivalentTo(whole.Weights());
    }

    // Everything that one-hot diffusion has beyond the paper, at once.
    private static readonly CaptionRun Beyond = Run with
    {
        Model = Run.Model with
        {
            Denoiser = Run.Model.Denoiser with { SelfConditioning = true, Neighbors = true, Dropout = 0.1 },
            Diffusion = new DiffusionOptions
            {
                Schedule = ScheduleKind.LogSnr,
                LogSnrMin = -3,
                LogSnrMax = 8,
                Prediction = PredictionKind.Evidence,
                Input = InputKind.Posterior,
                MeasuresLoss = true,
            },
            Sampling = new SamplingOptions { Sampler = SamplerKind.Commit, Steps = 6, Guidance = 1.2, LengthBias = 0.5 },
        },
        Training = Run.Training with { TokenLevels = 0.7, Timesteps = TimestepDistribution.CrossEntropy, OwnStates = 0.2 },
    };

    [Fact]
    public void A_training_with_everything_beyond_the_paper_resumes_to_the_same_weights()
    {
        using var whole = new TrainingFolder();
        whole.Train(Beyond);

        _folder.TrainUntil(5, Beyond);
        _folder.Train(Beyond, resume: true);

        _folder.Weights().Should().BeEquivalentTo(whole.Weights());
    }

    [Fact]
    public void A_model_keeps_how_it_is_sampled_and_what_was_measured()
    {
        _folder.Train(Beyond);
        using var captioner = ImageCaptioner.Load(_folder.Run.Model);
        using var images = captioner.Prepare([new SceneSource(1).Read(0)]);
        using var condition = captioner.Encode(images);

        captioner.Model.DefaultSampling.Should().BeEquivalentTo(new { Sampler = SamplerKind.Commit, Steps = 6, Guidance = 1.2, LengthBias = 0.5 });
        captioner.Denoise(condition).Should().HaveCount(6);
        captioner.Network.Denoiser.LossCurve!.Losses.Should().Contain(loss => double.IsFinite(loss));
        var grid = captioner.Denoise(condition, new SamplingOptions { Sampler = SamplerKind.Renoise, Grid = TimestepDistribution.CrossEntropy }).Select(step => step.Timestep);
        grid.Should().HaveCount(6).And.BeInDescendingOrder().And.NotEqual(captioner.Denoise(condition, new SamplingOptions { Sampler = SamplerKind.Renoise }).Select(step => step.Timestep));
    }

    public static TheoryData<CaptionRun, string> Mistakes => new()
    {
        { Run with { Training = Run.Training with { Timesteps = TimestepDistribution.CrossEntropy } }, "*training.timesteps = crossEntropy*model.diffusion.measuresLoss*" },
        { Run with { Model = Run.Model with { Method = TokenMethod.Mdd }, Training = Run.Training with { TokenLevels = 0.5 } }, "*training.tokenLevels*tdd*" },
        { Run with { Training = Run.Training with { LevelPattern = LevelPattern.LeftToRight } }, "*training.levelPattern*training.tokenLevels*0*" },
        { Run with { Model = Run.Model with { Method = TokenMethod.Mdd }, Training = Run.Training with { OwnStates = 0.5 } }, "*training.ownStates*tdd*" },
        { Run with { Model = Run.Model with { Sampling = new SamplingOptions { Eta = 2 } } }, "*sampling.eta = 2*" },
        { Run with { Model = Run.Model with { Sampling = new SamplingOptions { Eta = 0.5 } } }, "*Eta = 0.5*ddim*" },
        { Run with { Model = Run.Model with { Sampling = new SamplingOptions { Seed = 3 } } }, "*model.sampling*keeps how a model is sampled*seed*leave them out*" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Options_that_do_not_go_together_are_refused_before_the_training(CaptionRun run, string message) =>
        FluentActions.Invoking(() => _folder.Train(run)).Should().Throw<TweedieException>().WithMessage(message);

    [Fact]
    public void Each_epoch_draws_a_caption_of_its_own_for_an_image_from_the_seed()
    {
        var source = new SceneSource(40, phrasings: 4);
        var tokenizer = new TokenizerOptions().Create(source);
        long[] Rows(int epoch, long seed) =>
            [.. Enumerable.Range(0, 40).SelectMany(index => new CaptionTargets(source, tokenizer, 32, seed).Row(epoch, index).ToArray())];

        Rows(epoch: 2, seed: 1).Should().Equal(Rows(epoch: 2, seed: 1));
        Rows(epoch: 2, seed: 1).Should().NotEqual(Rows(epoch: 3, seed: 1)).And.NotEqual(Rows(epoch: 2, seed: 2));
        var drawn = Enumerable.Range(0, 200).Select(epoch => string.Join(' ', new CaptionTargets(source, tokenizer, 32, 1).Row(epoch, 0).ToArray())).CountBy(row => row);
        drawn.Should().HaveCount(4).And.AllSatisfy(row => row.Value.Should().BeInRange(25, 75));
    }

    [Fact]
    public void Several_captions_of_an_image_are_rows_that_share_its_condition()
    {
        var source = new SceneSource(4, phrasings: 3);
        var tokenizer = new TokenizerOptions().Create(source);
        var rows = new CaptionTargets(source, tokenizer, 32, seed: 1, captions: 5).Row(0, 0).ToArray().Chunk(32).Select(row => string.Join(' ', row)).ToList();
        rows.Should().HaveCount(5);
        rows.Distinct().Should().HaveCount(3, "the image has three captions");
        rows[3..].Should().Equal(rows[..2], "they come again in the same order");

        // The loss of rows side by side is that of a batch in which each image stands once per row.
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var denoiser = new Tweedie.Networks.Denoiser(TinyRun.Denoiser, classes: 9, tokens: 6, conditionWidth: 4);
        var (condition, tokens) = (randn(2, 3, 4), randint(9, [4, 6], int64));
        var loss = new DiffusionLoss(TinyCaptioner.Options.CreateProcess(TinyCaptioner.Tokenizer.VocabularySize));
        manual_seed(2);
        var together = loss.Compute(denoiser, condition, tokens);
        manual_seed(2);
        loss.Compute(denoiser, condition.repeat_interleave(2, 0), tokens).ShouldBeWithin(1e-6, together);
    }

    [Fact]
    public void A_projected_condition_is_seen_by_every_block_as_it_is()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var options = TinyRun.Denoiser with { Depth = 2 };
        using var passing = new Tweedie.Networks.Denoiser(options, classes: 9, tokens: 6, conditionWidth: 4);
        using var projecting = new Tweedie.Networks.Denoiser(options with { ProjectsCondition = true }, classes: 9, tokens: 6, conditionWidth: 4);
        projecting.load_state_dict(passing.state_dict());
        var (one, other) = (randn(1, 1, 4), randn(1, 1, 4));

        // With passing blocks, a condition token changes what the others become; projected, each stands for itself.
        LastKeys(projecting, cat([one, one], 1)).ShouldBeWithin(1e-6, LastKeys(projecting, cat([one, other], 1)));
        LastKeys(passing, cat([one, one], 1)).ShouldNotEqual(LastKeys(passing, cat([one, other], 1)));

        static Tensor LastKeys(Tweedie.Networks.Denoiser denoiser, Tensor condition) => denoiser.Prepare(condition)[^1].Keys.select(-2, 0);
    }

    [Fact]
    public void What_the_rows_lose_is_counted()
    {
        var source = new SceneSource(30);
        var words = new TokenizerOptions { MinimumCount = 20 }.Create(source);

        var warnings = new CaptionTargets(source, words, 10, 1).Warnings().ToList();

        warnings.Should().HaveCount(2);
        warnings[0].Should().ContainAll("captions are longer than a row of 10 tokens");
        warnings[1].Should().ContainAll("tokens are not in the vocabulary", "[UNK]");
        new CaptionTargets(source, new TokenizerOptions().Create(source), 40, 1).Warnings().Should().BeEmpty();
    }

    [Fact]
    public void A_start_token_takes_a_place_of_the_row()
    {
        using var folder = new TemporaryFolder();
        var (source, tokenizer) = (new SceneSource(1), Text.SmallTokenizer.Create("bert", folder));
        var length = tokenizer.Encode(source.GetCaptions(0)[0]).Length;
        tokenizer.Special.Start.Should().NotBeNull();

        IsCut(length + 1, withStart: false).Should().BeFalse();
        IsCut(length + 1, withStart: true).Should().BeTrue();
        IsCut(length + 2, withStart: true).Should().BeFalse();

        bool IsCut(int row, bool withStart) => new CaptionTargets(source, tokenizer, row, 1, withStart).Warnings().Any(warning => warning.Contains("are cut"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_encoder_of_a_classifier_is_taken_over_and_trained_on_unless_it_is_frozen(bool freeze)
    {
        using var first = new TrainingFolder();
        first.Train(TinyRun.Config with { Data = TinyRun.Config.Data with { Mean = [0.3, 0.4, 0.5] } });
        using var classifier = ImageClassifier.Load(first.Run.Model);
        var run = Run with { EncoderFrom = first.Run.Model, FreezeEncoder = freeze, Model = Run.Model with { Encoder = new() } };

        _folder.Train(run);

        using var captioner = ImageCaptioner.Load(_folder.Run.Model);
        captioner.Options.Encoder.Should().Be(classifier.Options.Encoder);
        captioner.Options.Mean.Should().Equal(0.3, 0.4, 0.5);
        using var scope = NewDisposeScope();
        var same = captioner.Network.Encoder.parameters().Zip(classifier.Network.Encoder.parameters(), (a, b) => (a == b).all().item<bool>()).ToList();
        same.Should().AllBeEquivalentTo(freeze);
    }

    [Fact]
    public void A_frozen_encoder_from_nowhere_is_refused() =>
        FluentActions.Invoking(() => TrainingSession.Open(Run with { FreezeEncoder = true }, _folder.Run, CPU, resume: false))
            .Should().Throw<TweedieException>().WithMessage("*freezeEncoder*encoderFrom*");
}
