using Tweedie.Diffusion;
using Tweedie.Evaluation;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Sampling;
using Tweedie.Text;
using static TorchSharp.torch;

namespace Tweedie.Tests.Models;

/// <summary>The likelihood of tokens under a whole model, and that of captions.</summary>
public sealed class ModelLikelihoodTests
{
    private const int Items = 7;

    private static Tensor Condition(ImageCaptioner captioner) => captioner.Encode(randn([Items, 3, 16, 16], generator: new Generator(3)));

    private static Tensor Rows(int items = Items) => randint(0, TinyCaptioner.Tokenizer.VocabularySize, [items, 6], generator: new Generator(4));

    private static CaptionerOptions Options(TokenMethod method) => TinyCaptioner.Options with { Method = method };

    [Theory]
    [InlineData(TokenMethod.Tdd)]
    [InlineData(TokenMethod.Mdd)]
    [InlineData(TokenMethod.Ar)]
    public void An_item_has_the_same_nats_in_every_batch_and_beside_all_others(TokenMethod method)
    {
        using var scope = NewDisposeScope();
        using var captioner = TinyCaptioner.Create(Options(method));
        var (condition, rows) = (Condition(captioner), Rows());

        var together = captioner.Model.Likelihood(condition, rows, new() { Seed = 5 });
        var alone = captioner.Model.Likelihood(condition, rows, new() { Seed = 5, BatchSize = 2 });
        var last = captioner.Model.Likelihood(condition.narrow(0, 4, 3), rows.narrow(0, 4, 3), new() { Seed = 5 }, [4, 5, 6]);
        var other = captioner.Model.Likelihood(condition, rows, new() { Seed = 6 });

        // Up to rounding in float32, which grows with the nats: an untrained network is far off, and a bound weighs its error by the SNR.
        alone.Items.Zip(together.Items).Should().OnlyContain(pair => Math.Abs(pair.First / pair.Second - 1) < 1e-5);
        last.Items.Zip(together.Items.Skip(4)).Should().OnlyContain(pair => Math.Abs(pair.First / pair.Second - 1) < 1e-5);
        together.Items.Should().HaveCount(Items).And.OnlyContain(nats => nats > 0);
        together.IsExact.Should().Be(method == TokenMethod.Ar);
        if (together.IsExact)
            other.Items.Should().Equal(together.Items);
        else
            other.Items.Zip(together.Items).Should().OnlyContain(pair => pair.First != pair.Second);
        var (start, path, end) = together.MeanTerms;
        (start + path + end).Should().BeApproximately(together.Items.Average(), 1e-9);
        together.Tokens.Should().OnlyContain(tokens => tokens.Length == 6);
    }

    [Fact]
    public void An_autoregressive_models_nats_are_those_of_writing_the_row_token_by_token()
    {
        using var scope = NewDisposeScope();
        using var captioner = TinyCaptioner.Create(Options(TokenMethod.Ar));
        var (condition, rows) = (Condition(captioner), Rows());
        using var space = captioner.Model.Process.CreateSpace(captioner.Network.Denoiser.Embedding.Weight);
        using var denoiser = new Tweedie.Networks.ConditionedDenoiser(captioner.Network.Denoiser, condition, space);
        using var pass = ((ICausalDenoiser)denoiser).Begin();
        var expected = new double[Items];
        for (var position = 0; position < 6; position++)
        {
            var nats = nn.functional.log_softmax(pass.Next(rows, position, 1).All(), -1).squeeze(1).gather(1, rows.narrow(1, position, 1)).neg();
            for (var item = 0; item < Items; item++)
                expected[item] += nats[item].item<float>();
        }

        tensor(captioner.Model.Likelihood(condition, rows).Items.ToArray()).ShouldBeWithin(1e-3, tensor(expected));
    }

    [Theory]
    [InlineData(PredictionKind.Evidence, InputKind.Posterior, true)]
    [InlineData(PredictionKind.Logits, InputKind.State, true)]
    [InlineData(PredictionKind.Evidence, InputKind.State, false)]
    public void Every_network_that_scores_tokens_has_a_bound(PredictionKind prediction, InputKind input, bool selfConditioning)
    {
        using var scope = NewDisposeScope();
        using var captioner = TinyCaptioner.Create(TinyCaptioner.Options with
        {
            Diffusion = new() { Prediction = prediction, Input = input, Schedule = ScheduleKind.LogSnr, LogSnrMin = -4, LogSnrMax = 4, Scale = 1.3 },
            Denoiser = TinyCaptioner.Options.Denoiser with { SelfConditioning = selfConditioning },
        });
        var condition = Condition(captioner);

        foreach (var options in new LikelihoodOptions[] { new(), new() { Steps = 5 }, new() { Steps = 1, Proposal = LevelProposal.Uniform } })
            captioner.Model.Likelihood(condition, Rows(), options).Items.Should().OnlyContain(nats => nats > 0 && double.IsFinite(nats));
    }

    [Fact]
    public void Bad_input_is_refused()
    {
        using var scope = NewDisposeScope();
        using var captioner = TinyCaptioner.Create();
        var condition = Condition(captioner);

        FluentActions.Invoking(() => captioner.Model.Likelihood(condition, Rows(3))).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => captioner.Model.Likelihood(condition, Rows().to(float32))).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => captioner.Model.Likelihood(condition, Rows().Plus(-1))).Should().Throw<ArgumentException>().WithMessage("*outside the vocabulary*");
        FluentActions.Invoking(() => captioner.Model.Likelihood(condition, Rows().Plus(TinyCaptioner.Tokenizer.VocabularySize))).Should().Throw<ArgumentException>().WithMessage("*outside the vocabulary*");
        FluentActions.Invoking(() => captioner.Model.Likelihood(condition, Rows(), new() { BatchSize = 0 })).Should().Throw<TweedieException>().WithMessage("*BatchSize = 0*");
        FluentActions.Invoking(() => captioner.Model.Likelihood(condition, Rows(), new() { Draws = 0 })).Should().Throw<TweedieException>().WithMessage("*Draws = 0*");
        FluentActions.Invoking(() => captioner.Model.Likelihood(condition, Rows(), new() { LogSnrMin = double.NaN })).Should().Throw<TweedieException>().WithMessage("*LogSnrMin*");
    }

    [Fact]
    public void Captions_are_measured_as_whole_rows_and_counted_in_words()
    {
        using var scope = NewDisposeScope();
        using var captioner = TinyCaptioner.Create(Options(TokenMethod.Ar));
        var source = new Captions([["two big dogs", "a dog"], ["two zebras sleep on green grass on green grass"]]);
        var condition = captioner.Encode(randn([2, 3, 16, 16], generator: new Generator(3)));
        using var images = new EncodedImages(condition, [0, 1], 0);

        var measured = CaptionLikelihood.Measure(captioner, source, [images], new() { BatchSize = 2 });

        (measured.Images, measured.Summary.Items, measured.Summary.Tokens).Should().Be((2, 3, 4 + 3 + 6));
        (measured.Cut, measured.Unknown).Should().Be((1, 1));
        long[][] rows = [.. new[] { "two big dogs", "a dog", "two zebras sleep on green grass on green grass" }.Select(caption => captioner.Tokenizer.EncodeRow(caption, 6, withStart: false).Select(id => (long)id).ToArray())];
        var expected = captioner.Model.Likelihood(condition.index_select(0, tensor(new long[] { 0, 0, 1 })), tensor([.. rows.SelectMany(row => row)], [3, 6]));
        measured.Captions.Select(caption => caption.Nats).Zip(expected.Items).Should().AllSatisfy(pair => pair.First.Should().BeApproximately(pair.Second, 1e-3));
        measured.Captions.Select(caption => (caption.Image, caption.Words)).Should().Equal((0, 4), (0, 3), (1, 6));
        measured.Summary.NatsPerToken.Value.Should().BeApproximately(expected.Items.Sum() / 13, 1e-3);
        measured.Summary.BitsPerToken.Should().BeApproximately(measured.Summary.NatsPerToken.Value / Math.Log(2), 1e-9);
        measured.NatsOnPadding.Should().BeApproximately((expected.Tokens[0][4..].Sum() + expected.Tokens[1][3..].Sum()) / 3, 1e-3);
    }

    [Fact]
    public void Captions_of_one_image_are_one_group_of_the_standard_error()
    {
        using var terms = new LikelihoodTerms(zeros(4, 1, float64), zeros(4, 1, float64), tensor(new double[] { 1, 3, 5, 7 }, [4, 1]));
        var estimate = new LikelihoodEstimate(0);
        estimate.Add(terms);

        estimate.Summary().NatsPerItem.StandardError.Should().BeApproximately(Math.Sqrt(20 / 3.0 / 4), 1e-9);
        var grouped = LikelihoodSummary.Of(estimate, [1, 1, 1, 1], [8, 8, 9, 9]);
        grouped.NatsPerItem.Value.Should().Be(4);
        grouped.NatsPerItem.StandardError.Should().BeApproximately(2, 1e-9, "two groups of the means 2 and 6");
    }

    /// <summary>Captions without images.</summary>
    private sealed class Captions(string[][] captions) : ICaptionSource
    {
        public string Name => "captions";

        public int Count => captions.Length;

        public IReadOnlyList<string> ClassNames => [];

        public IReadOnlyList<string> GetCaptions(int index) => captions[index];

        public long GetId(int index) => 100 + index;

        public int GetLabel(int index) => throw new NotSupportedException();

        public RasterImage Read(int index) => throw new NotSupportedException();

        public string Describe(int index) => $"{index}";
    }
}
