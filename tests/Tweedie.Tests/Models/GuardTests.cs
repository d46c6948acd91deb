using TorchSharp;
using Tweedie.Cli;
using Tweedie.Diffusion;
using Tweedie.Evaluation;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Networks;
using Tweedie.Sampling;
using Tweedie.Tests.Models.Clip;
using Tweedie.Tests.Training;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Tests.Models;

/// <summary>The library refuses wrong options and arguments at the call, and names the member.</summary>
public sealed class GuardTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly ImageClassifier _classifier = TinyClassifier.Create();
    private readonly ImageCaptioner _captioner = TinyCaptioner.Create();

    public void Dispose()
    {
        _classifier.Dispose();
        _captioner.Dispose();
        _scope.Dispose();
    }

    public static TheoryData<SamplingOptions, string> WrongOptions() => new()
    {
        { new() { Draws = 0 }, "sampling: Draws = 0 is out of range: 1 to 10000" },
        { new() { Guidance = double.NaN }, "sampling: Guidance = NaN is not a finite number" },
        { new() { Guidance = -1 }, "sampling: Guidance = -1 is out of range: 0 to 100" },
        { new() { Steps = 0 }, "sampling: Steps = 0 is out of range: 1 to 100000" },
        { new() { Steps = 1001 }, "Steps = 1001 is more than the model's 1000 timesteps; use at most 1000." },
        { new() { StopWhenStable = -1 }, "sampling: StopWhenStable = -1 is out of range: 0 to 100000" },
        { new() { ToOne = (ToOneKind)7 }, "sampling: ToOne = 7 is not one of argmax, multinomial" },
        { new() { Unmasking = UnmaskingKind.Ancestral }, "Unmasking = ancestral is not for one-hot diffusion*" },
        { new() { Control = true, StopWhenStable = 2 }, "StopWhenStable = 2 is not for the noise-only control*" },
    };

    [Theory]
    [MemberData(nameof(WrongOptions), DisableDiscoveryEnumeration = true)]
    public void Options_are_checked_by_every_call_and_named_as_members(SamplingOptions sampling, string message)
    {
        var (condition, caption) = (_classifier.Encode(TinyClassifier.Images(2)), _captioner.Encode(TinyClassifier.Images(2)));

        foreach (var call in new Action[]
        {
            () => _classifier.Predict(TinyClassifier.Images(2), sampling),
            () => _classifier.PredictEncoded(condition, sampling),
            () => _classifier.Denoise(condition, sampling), // the call itself throws, not its first step
            () => _captioner.Caption(caption, sampling),
            () => _captioner.Denoise(caption, sampling),
            () => _captioner.Model.Resolve(sampling),
        })
        {
            var error = call.Should().Throw<TweedieException>().Which;
            error.Message.Should().Match(message);
            error.Kind.Should().Be(FaultKind.Input);
            typeof(SamplingOptions).GetProperty(error.Option!.Member).Should().NotBeNull("a host names the field by it");
        }
    }

    [Fact]
    public void Options_of_an_evaluation_are_named_as_members() =>
        FluentActions.Invoking(() => Evaluator.Evaluate(_classifier.Model, [], new EvaluationSettings { Guidance = [1, -1] }, []))
            .Should().Throw<TweedieException>().WithMessage("evaluation: Guidance[1] = -1 is out of range*")
            .Which.Option.Should().Be(new OptionFault("Guidance[1]", "-1", "is out of range: 0 to 100"));

    [Fact]
    public void Masked_diffusion_names_what_it_cannot_do()
    {
        var process = new MaskedDiffusion();

        MemberOf(new() { Control = true }).Should().Be("Control");
        MemberOf(new() { Decode = DecodeKind.Consensus }).Should().Be("Decode");
        MemberOf(new() { StopWhenStable = 1 }).Should().Be("StopWhenStable");
        MemberOf(new() { Draws = 2 }).Should().Be("Draws");

        string MemberOf(SamplingOptions options) =>
            FluentActions.Invoking(() => process.Reverse(options)).Should().Throw<TweedieException>().Which.Option!.Member;
    }

    [Fact]
    public void The_command_line_speaks_of_its_options()
    {
        var steps = new TweedieException(new OptionFault("Steps[1]", "0", "is out of range: at least 1"), "evaluation");
        var draws = new TweedieException(new OptionFault("Draws", "2", "is more than one"));
        System.CommandLine.Command caption = new("caption") { new System.CommandLine.Option<int>("--steps"), new System.CommandLine.Option<int>("--count") };

        OptionWords.Of(steps, caption).Should().Be("--steps 0 is out of range: at least 1");
        OptionWords.Of(draws, caption).Should().Be("--count 2 is more than one");
        OptionWords.Of(steps, new("demo")).Should().Be(steps.Message);

        FormattableString wayOut = $"continue with {new OptionName("resume", "resume: true")}, or choose another {new OptionName("run", "folder")}.";
        var held = TweedieException.Naming($"runs/a: is in use; {wayOut}");
        held.Message.Should().Be("runs/a: is in use; continue with resume: true, or choose another folder.");
        OptionWords.Of(held, CommandLineApp.CreateRoot().Subcommands.Single(command => command.Name == "train"))
            .Should().Be("runs/a: is in use; continue with --resume, or choose another --out.");
        OptionWords.Of(new TweedieException("no option"), caption).Should().Be("no option");
    }

    [Fact]
    public void Images_of_another_shape_or_type_are_refused()
    {
        foreach (var (images, problem) in new[]
        {
            (zeros(3, 16, 16), "*(3, 16, 16)*(B, C = 3, H = 16, W = 16)*"),
            (zeros(2, 1, 16, 16), "*C = 3*"),
            (zeros(2, 3, 16, 32), "*(2, 3, 16, 32)*W = 16*"),
            (zeros([2, 3, 16, 16], uint8), "*floating-point*"),
        })
        {
            Refused(() => _classifier.Encode(images), "images", problem);
            Refused(() => _classifier.Predict(images), "images", problem);
            Refused(() => _captioner.Encode(images), "images", problem);
        }
        FluentActions.Invoking(() => _classifier.Encode(null!)).Should().Throw<ArgumentNullException>().WithParameterName("images");
    }

    [Fact]
    public void A_condition_of_another_shape_or_type_is_refused()
    {
        using var linear = TinyClassifier.Create(TinyClassifier.Linear);
        foreach (var (condition, problem) in new[]
        {
            (zeros(2, 16), "*(2, 16)*"),
            (zeros(2, 7, 16), "*(2, 7, 16)*M = *"),
            (zeros(2, 1, 8), "*d = 16*"),
            (zeros([2, _classifier.Network.ConditionTokens, 16], int64), "*floating-point*"),
        })
        {
            Refused(() => _classifier.PredictEncoded(condition), "condition", problem);
            Refused(() => linear.PredictEncoded(condition), "condition", problem);
            Refused(() => _classifier.Denoise(condition), "condition", problem);
        }
        Refused(() => _captioner.Caption(zeros(2, 3, 16)), "condition", "*M = 5*");
        FluentActions.Invoking(() => _classifier.Denoise(null!)).Should().Throw<ArgumentNullException>().WithParameterName("condition");
        FluentActions.Invoking(() => linear.Denoise(zeros(2, linear.Network.ConditionTokens, 16))).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void Tokens_of_another_shape_or_type_are_refused()
    {
        Refused(() => _captioner.Sentences(zeros([6], int64)), "tokens", "*(B, N)*");
        Refused(() => _captioner.Sentences(zeros(2, 6)), "tokens", "*Int64*");
    }

    [Fact]
    public void A_disposed_tensor_is_refused()
    {
        var images = TinyClassifier.Images(1);
        images.Dispose();

        Refused(() => _classifier.Encode(images), "images", "*disposed*");
    }

    [Fact]
    public void Parts_check_what_they_are_given()
    {
        var process = new OneHotDiffusion(new DiffusionOptions());
        var plan = SamplingPlan.Uniform(process.Schedule, 2);
        var (denoiser, space) = (_classifier.Network.Denoiser, process.CreateSpace(_classifier.Network.Denoiser.Embedding.Weight));
        var reverse = new ReverseProcess(process, plan, new Renoise(), ToOne.Argmax, Guidance.None);
        using var bound = new ConditionedDenoiser(denoiser, zeros(1, 1, 16), space);

        Refused(() => new ReverseProcess(process, [], new Renoise(), ToOne.Argmax, Guidance.None), "plan");
        Refused(() => new ReverseProcess(process, plan, new Renoise(), ToOne.Argmax, new Guidance(double.NaN)), "guidance");
        Refused(() => new ReverseProcess(process, plan, new Renoise(), ToOne.Argmax, new Guidance(-1)), "guidance");
        Refused(() => new ReverseProcess(process, plan, new Renoise(), ToOne.Argmax, Guidance.None, -1), "stopWhenStable");
        Refused(() => new ReverseProcess(process, plan, null!, ToOne.Argmax, Guidance.None), "sampler");
        Refused(() => reverse.Run(null!, new TorchNoise(CPU)), "denoiser");
        Refused(() => reverse.Run(bound, null!), "noise");
        Refused(() => reverse.Run(bound, new TorchNoise(CPU)).First().Snapshot(-1), "top");
        Refused(() => SamplingPlan.Uniform(process.Schedule, 0), "steps");
        Refused(() => new ConditionedDenoiser(denoiser, zeros(1, 1, 16), space, draws: 0), "draws");
        Refused(() => new ConditionedDenoiser(denoiser, zeros(1, 1, 8), space), "condition");
        Refused(() => new Denoiser(TinyRun.Denoiser, classes: 0, tokens: 1, conditionWidth: 16), "classes");
        Refused(() => new DiffusionLoss(process, copies: 0), "copies");
        Refused(() => new DiffusionLoss(process, conditionDropout: double.NaN), "conditionDropout");
        Refused(() => EncodedImages.Stream(null!, new ShapeSource(1, 16), 1), "model");
        Refused(() => new TokenModel(_classifier.Network, process, TinyClassifier.Options, new SamplingOptions()), "defaults");
        Refused(() => new ImageClassifier(TinyClassifier.Options, null!), "network");
        Refused(() => ImageClassifier.Load(""), "folder");
    }

    [Fact]
    public void A_model_that_is_disposed_of_says_so()
    {
        var images = TinyClassifier.Images(1);
        var (condition, caption) = (_classifier.Encode(images), _captioner.Encode(images));
        var waiting = _classifier.Denoise(condition);
        var (clip, encoder) = (TinyClip.Create(), new ImageEncoder(new() { Encoder = TinyRun.Encoder }, new VisionTransformer(TinyRun.Encoder)));
        foreach (var model in new IDisposable[] { _classifier, _captioner, clip, encoder })
            model.Dispose();

        foreach (var call in new Action[]
        {
            () => _classifier.Encode(images),
            () => _classifier.Predict(images),
            () => _classifier.PredictEncoded(condition),
            () => _classifier.Denoise(condition),
            () => _ = waiting.First(),
            () => _classifier.Prepare([]),
            () => _classifier.Save("nowhere"),
            () => _classifier.Model.Resolve(null),
            () => _classifier.Model.Encode(images),
            () => EncodedImages.Stream(_classifier.Model, new ShapeSource(1, 16), 1),
            () => _captioner.Encode(images),
            () => _captioner.Caption(caption),
            () => _captioner.Denoise(caption),
            () => _captioner.Save("nowhere"),
            () => clip.EncodeTexts(["a dog"]),
            () => clip.EncodeImages([]),
            () => clip.Save("nowhere"),
            () => _ = encoder.Network,
            () => encoder.Save("nowhere"),
        })
            call.Should().Throw<ObjectDisposedException>();
        Directory.Exists("nowhere").Should().BeFalse();
    }

    private static void Refused(Func<object?> call, string member, string message = "*") =>
        call.Should().Throw<ArgumentException>().WithMessage(message).WithParameterName(member);
}
