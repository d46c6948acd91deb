using Tweedie.Models;
using Tweedie.Networks;
using Tweedie.Onnx;
using Tweedie.Sampling;
using Tweedie.Tests.Data;
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
    [InlineData(SamplerKind.Posterior, null, false, "Sampler")]
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
    public void Captions_are_those_of_libtorch(TokenMethod method)
    {
        using var folder = new TemporaryFolder();
        using var captioner = TinyCaptioner.Create(Plain with { Method = method });
        OnnxExport.Export(captioner, folder.Path);
        using var exported = OnnxCaptioner.Load(folder.Path);
        using var images = TinyClassifier.Images(3);
        using var condition = captioner.Encode(images);
        var sampling = new SamplingOptions { Steps = 6, ToOne = ToOneKind.Multinomial, Draws = 2, LengthBias = 0.5, Seed = 5 };

        var own = exported.Caption(exported.Model.Encode([.. images.data<float>()], 3), sampling);

        own.Should().Equal(captioner.Caption(condition, sampling)).And.HaveCount(6);
        exported.Caption(exported.Model.Encode([.. images.data<float>()], 3), sampling with { Choose = CandidateChoice.Overlap }).Should().HaveCount(3);
    }

    [Fact]
    public void Rotary_positions_are_those_of_libtorch_in_fused_attention_too() =>
        Compare(Models["rotary positions"], new() { Steps = 3, Guidance = 2 }, export: new() { Opset = 23 });

    private static void Compare(CaptionerOptions options, SamplingOptions sampling, string? template = null, OnnxExportOptions? export = null)
    {
        using var folder = new TemporaryFolder();
        using var captioner = TinyCaptioner.Create(options);
        OnnxExport.Export(captioner, folder.Path, export);
        using var exported = OnnxCaptioner.Load(folder.Path);
        using var images = TinyClassifier.Images(2);
        using var condition = captioner.Encode(images);
        var words = template is null ? null : TokenTemplate.Parse(template, captioner.Tokenizer);
        using var constraint = words is null ? null : captioner.Constrain(words);

        var own = exported.Model.Denoise(exported.Model.Encode([.. images.data<float>()], 2), exported.Model.Resolve(sampling), exported.Known(words, 2));

        own.ShouldBeWithin(Tolerance, captioner.Denoise(condition, sampling, constraint));
    }
}
