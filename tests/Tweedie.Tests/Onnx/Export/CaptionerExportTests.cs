using TorchSharp;
using Tweedie.Models;
using Tweedie.Networks;
using Tweedie.Onnx;
using Tweedie.Sampling;
using Tweedie.Tests.Models;
using Tweedie.Text;

namespace Tweedie.Tests.Onnx;

/// <summary>Exported captioners give the scores of libtorch at every step, and the same captions.</summary>
public sealed class CaptionerExportTests
{
    private const double Tolerance = 1e-4;

    private static readonly CaptionerOptions Plain = TinyCaptioner.Options;

    private static readonly Dictionary<string, CaptionerOptions> Models = new()
    {
        ["as by default"] = Plain,
        ["pooled condition"] = Plain with { Condition = CaptionCondition.ClassTokens },
        ["neighbors"] = Plain with { Denoiser = Plain.Denoiser with { Neighbors = true, Depth = 2 } },
        ["rotary positions"] = Plain with { Denoiser = Plain.Denoiser with { Positions = PositionKind.Rotary, Depth = 2 } },
        ["self-conditioning"] = Plain with { Denoiser = Plain.Denoiser with { SelfConditioning = true } },
        ["embedded"] = Plain with { Denoiser = Plain.Denoiser with { Width = 4, Heads = 1 } },
        ["embedded, of a lower hot entry"] = Plain with { Denoiser = Plain.Denoiser with { Width = 4, Heads = 1 }, Diffusion = new() { Scale = 0.6 } },
        ["embedded, with evidence"] = Plain with { Denoiser = Plain.Denoiser with { Width = 4, Heads = 1 }, Diffusion = new() { Prediction = PredictionKind.Evidence } },
        ["embedded, as posterior mean"] = Plain with { Denoiser = Plain.Denoiser with { Width = 4, Heads = 1 }, Diffusion = new() { Input = InputKind.Posterior } },
        ["more entries than dimensions, with evidence"] = Plain with { Denoiser = Plain.Denoiser with { Width = 8 }, Diffusion = new() { Prediction = PredictionKind.Evidence } },
        ["masked"] = Plain with { Method = TokenMethod.Mdd },
        ["masked, self-conditioning"] = Plain with { Method = TokenMethod.Mdd, Denoiser = Plain.Denoiser with { SelfConditioning = true } },
    };

    public static TheoryData<string> ModelNames => [.. Models.Keys];

    [Theory]
    [MemberData(nameof(ModelNames))]
    public void Every_step_is_that_of_libtorch(string model) => Compare(Models[model], new() { Steps = 5, Guidance = 2, Seed = 3 });

    [Theory]
    [MemberData(nameof(ModelNames))]
    public void Every_step_with_known_words_is_that_of_libtorch(string model) => Compare(Models[model], new() { Steps = 4, Seed = 1 }, "two [_] dogs...");

    [Fact]
    public void Known_words_at_a_level_of_their_own_are_told_as_in_libtorch() =>
        Compare(Plain with { Diffusion = new() { Known = new(), Prediction = PredictionKind.Evidence } }, new() { Steps = 4, Guidance = 1.5 }, "[__] dog");

    [Theory]
    [MemberData(nameof(Commitments))]
    public void Tokens_are_committed_as_in_libtorch(string option)
    {
        var sampling = CommitmentOf[option] with { Steps = 4, Guidance = 1.5, Seed = 2 };
        var evidence = Plain with { Denoiser = Plain.Denoiser with { Width = 8 }, Diffusion = new() { Prediction = PredictionKind.Evidence, Known = new() } };
        Compare(Plain, sampling);
        Compare(evidence, sampling, "two [_] dogs...");
    }

    public static TheoryData<string> Commitments => [.. CommitmentOf.Keys];

    private static readonly Dictionary<string, SamplingOptions> CommitmentOf = new()
    {
        ["by confidence"] = new() { Sampler = SamplerKind.Commit },
        ["from the left"] = new() { Sampler = SamplerKind.LeftToRight },
        ["open tokens follow"] = new() { Sampler = SamplerKind.Commit, OpenFollow = true, Grid = TimestepDistribution.DecodeAccuracy },
        ["revised"] = new() { Sampler = SamplerKind.Commit, Revise = true },
        ["revised from the left"] = new() { Sampler = SamplerKind.LeftToRight, Revise = true, OpenFollow = true },
        ["drawn, with half of the noise"] = new() { Sampler = SamplerKind.Commit, ToOne = ToOneKind.Multinomial, Draws = 2, NoiseScale = 0.5 },
    };

    [Theory]
    [MemberData(nameof(Samplers))]
    public void Every_sampler_goes_on_as_in_libtorch(string option)
    {
        var sampling = SamplerOf[option] with { Steps = 5, Guidance = 1.5, Seed = 4 };
        var known = Plain with { Diffusion = new() { Known = new(), Prediction = PredictionKind.Evidence } };
        Compare(Plain, sampling);
        Compare(Models["embedded, of a lower hot entry"], sampling);
        if (sampling.Churn is null) // which keeps one level for all tokens
            Compare(known, sampling, "two [_] dogs...", tolerance: 5 * Tolerance); // states go from step to step, and evidence multiplies their differences by the SNR
    }

    public static TheoryData<string> Samplers => [.. SamplerOf.Keys];

    private static readonly Dictionary<string, SamplingOptions> SamplerOf = new()
    {
        ["posterior"] = new() { Sampler = SamplerKind.Posterior },
        ["posterior of a mean"] = new() { Sampler = SamplerKind.Posterior, Soft = true },
        ["posterior of draws"] = new() { Sampler = SamplerKind.Posterior, ToOne = ToOneKind.Multinomial, Draws = 2, NoiseScale = 0.5 },
        ["posterior with churn"] = new() { Sampler = SamplerKind.Posterior, Churn = 0.5 },
        ["ddim"] = new() { Sampler = SamplerKind.Ddim },
        ["ddim of tokens"] = new() { Sampler = SamplerKind.Ddim, Soft = false },
        ["ddim with fresh noise"] = new() { Sampler = SamplerKind.Ddim, Eta = 0.7 },
        ["ddim with churn"] = new() { Sampler = SamplerKind.Ddim, Eta = 1, Churn = 1 },
        ["renoise about a mean"] = new() { Soft = true },
        ["staggered"] = new() { Stagger = 0.6 },
        ["staggered posterior"] = new() { Sampler = SamplerKind.Posterior, Stagger = 0.5, Soft = true },
        ["staggered ddim, one step per token"] = new() { Sampler = SamplerKind.Ddim, Stagger = 1 },
    };

    [Fact]
    public void A_grid_by_the_measured_cross_entropy_is_that_of_libtorch() =>
        Compare(Plain with { Diffusion = new() { MeasuresLoss = true } }, new() { Steps = 6, Grid = TimestepDistribution.CrossEntropy }, before: captioner =>
        {
            var losses = captioner.Model.Network.state_dict().Single(weight => weight.Key.EndsWith("level_loss", StringComparison.Ordinal)).Value;
            using var measured = TensorArithmetic.Counting(losses.shape[0], torch.float32);
            measured[5] = float.NaN;
            losses.copy_(measured);
        });

    [Theory]
    [MemberData(nameof(TokenByToken))]
    public void Every_token_of_an_autoregressive_model_is_scored_as_in_libtorch(string model)
    {
        foreach (var sampling in new SamplingOptions[]
        {
            new() { Seed = 3 }, new() { Guidance = 2, GuidanceSchedule = GuidanceSchedule.Linear }, new() { ToOne = ToOneKind.Multinomial, Draws = 3, Seed = 5 },
            new() { ToOne = ToOneKind.Multinomial, Temperature = 2, TopP = 0.8, Draws = 2, Seed = 6, Guidance = 1.5 },
        })
        {
            Compare(Autoregressive[model], sampling);
            Compare(Autoregressive[model], sampling, "two [_] dogs...");
        }
    }

    public static TheoryData<string> TokenByToken => [.. Autoregressive.Keys];

    private static readonly Dictionary<string, CaptionerOptions> Autoregressive = new()
    {
        ["as by default"] = Plain with { Method = TokenMethod.Ar },
        ["two blocks"] = Plain with { Method = TokenMethod.Ar, Denoiser = Plain.Denoiser with { Depth = 2 } },
        ["rotary positions"] = Plain with { Method = TokenMethod.Ar, Denoiser = Plain.Denoiser with { Depth = 2, Positions = PositionKind.Rotary } },
    };

    [Theory]
    [InlineData("as by default")]
    [InlineData("rotary positions")]
    public void Fused_attention_hides_later_tokens_too(string model) => Compare(Autoregressive[model], new() { Guidance = 2 }, export: new() { Opset = 23 });

    [Fact]
    public void Several_sentences_at_a_time_are_refused_by_name()
    {
        var compare = () => Compare(Autoregressive["as by default"], new() { Beams = 3 });

        compare.Should().Throw<TweedieException>().WithMessage("Beams = 3 follows several sentences at a time*");
    }

    [Theory]
    [InlineData(SamplerKind.Commit, TimestepDistribution.LogSnr, false, "Grid")]
    [InlineData(SamplerKind.Commit, null, true, "Sampler")]
    public void Samplings_that_an_exported_model_cannot_carry_out_are_refused(SamplerKind sampler, TimestepDistribution? grid, bool control, string member)
    {
        var sampling = new SamplingOptions { Sampler = sampler, Grid = grid, Control = control };

        var compare = () => Compare(Plain, sampling);

        compare.Should().Throw<TweedieException>().Which.Option!.Member.Should().Be(member);
    }

    [Theory]
    [MemberData(nameof(Samplings))]
    public void Every_masked_sampling_option_acts_as_in_libtorch(string option) => Compare(Models["masked"], SamplingOf[option]);

    public static TheoryData<string> Samplings => [.. SamplingOf.Keys];

    private static readonly Dictionary<string, SamplingOptions> SamplingOf = new()
    {
        ["more steps than tokens"] = new() { Steps = 9 },
        ["multinomial"] = new() { Steps = 4, ToOne = ToOneKind.Multinomial, Draws = 3 },
        ["ancestral"] = new() { Steps = 7, Unmasking = UnmaskingKind.Ancestral, Draws = 2 },
        ["ancestral, sharpened"] = new() { Steps = 5, Unmasking = UnmaskingKind.Ancestral, ToOne = ToOneKind.Multinomial, Temperature = 2, TopP = 0.8 },
        ["length bias"] = new() { Steps = 3, LengthBias = 1.5, Guidance = 2 },
    };

    [Theory]
    [InlineData(TokenMethod.Tdd)]
    [InlineData(TokenMethod.Mdd)]
    [InlineData(TokenMethod.Ar)]
    public void Captions_are_those_of_libtorch(TokenMethod method)
    {
        using var folder = new TemporaryFolder();
        using var captioner = TinyCaptioner.Create(Plain with { Method = method });
        OnnxExport.Export(captioner, folder.Path);
        using var exported = OnnxCaptioner.Load(folder.Path);
        using var images = TinyClassifier.Images(3);
        using var condition = captioner.Encode(images);
        var sampling = new SamplingOptions { ToOne = ToOneKind.Multinomial, Draws = 2, Seed = 5 };
        if (method != TokenMethod.Ar)
            sampling = sampling with { Steps = 6, LengthBias = 0.5 };

        var own = exported.Caption(exported.Model.Encode([.. images.data<float>()], 3), sampling);

        own.Should().Equal(captioner.Caption(condition, sampling)).And.HaveCount(6);
        exported.Caption(exported.Model.Encode([.. images.data<float>()], 3), sampling with { Choose = CandidateChoice.Overlap }).Should().HaveCount(3);
    }

    [Fact]
    public void Rotary_positions_are_those_of_libtorch_in_fused_attention_too() =>
        Compare(Models["rotary positions"], new() { Steps = 3, Guidance = 2 }, export: new() { Opset = 23 });

    private static void Compare(CaptionerOptions options, SamplingOptions sampling, string? template = null, OnnxExportOptions? export = null, Action<ImageCaptioner>? before = null,
        double tolerance = Tolerance)
    {
        using var folder = new TemporaryFolder();
        using var captioner = TinyCaptioner.Create(options);
        before?.Invoke(captioner);
        OnnxExport.Export(captioner, folder.Path, export);
        using var exported = OnnxCaptioner.Load(folder.Path);
        using var images = TinyClassifier.Images(2);
        using var condition = captioner.Encode(images);
        var words = template is null ? null : TokenTemplate.Parse(template, captioner.Tokenizer);
        using var constraint = words is null ? null : captioner.Constrain(words);

        var own = exported.Model.Denoise(exported.Model.Encode([.. images.data<float>()], 2), exported.Model.Resolve(sampling), exported.Known(words, 2));

        own.ShouldBeWithin(tolerance, captioner.Denoise(condition, sampling, constraint), decided: options.Method == TokenMethod.Ar);
    }
}
