using TorchSharp;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Platform;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Tests.Models;

public sealed class ImageCaptionerTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
        _scope.Dispose();
    }

    private static SamplingOptions Sampling(long seed = 0, double guidance = 1) => new() { Steps = 4, Seed = seed, Guidance = guidance, ToOne = ToOneKind.Multinomial };

    [Theory]
    [InlineData(1)]
    [InlineData(0.5)]
    public void Images_are_cropped_by_the_models_ratio(double cropRatio)
    {
        var image = new ShapeSource(count: 1, size: 24).Read(0);
        using var captioner = TinyCaptioner.Create(TinyCaptioner.Options with { CropRatio = cropRatio });
        var expected = new float[3 * 16 * 16];
        TinyCaptioner.Options.Normalization().Apply(new ResizeCrop(16, cropRatio).Apply(image, new SampleRandom(0)), expected);

        captioner.Prepare([image]).data<float>().ToArray().Should().Equal(expected);
    }

    [Theory]
    [InlineData(TokenMethod.Tdd, CaptionCondition.AllTokens)]
    [InlineData(TokenMethod.Tdd, CaptionCondition.ClassTokens)]
    [InlineData(TokenMethod.Mdd, CaptionCondition.AllTokens)]
    public void A_loaded_captioner_says_what_the_saved_one_did(TokenMethod method, CaptionCondition condition)
    {
        using var saved = TinyCaptioner.Create(TinyCaptioner.Options with { Method = method, Condition = condition });
        saved.Save(_folder.Path);
        using var loaded = ImageCaptioner.Load(_folder.Path);
        var images = TinyClassifier.Images(5);

        var expected = saved.Caption(saved.Encode(images), Sampling(guidance: 1.5));

        loaded.Caption(loaded.Encode(images), Sampling(guidance: 1.5)).Should().Equal(expected).And.HaveCount(5);
        ModelFolder.ReadKind(_folder.Path).Should().Be(ModelFolder.Captioner);
        Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Should().BeEquivalentTo("config.json", "model.safetensors", "words.txt");
    }

    [Theory]
    [InlineData(TokenMethod.Tdd)]
    [InlineData(TokenMethod.Mdd)]
    public void Weights_in_bfloat16_predict_nearly_the_same(TokenMethod method)
    {
        using var saved = TinyCaptioner.Create(TinyCaptioner.Options with { Method = method });
        saved.Save(_folder.Path);
        using var half = ImageCaptioner.Load(_folder.Path, precision: Precision.Bf16);
        var images = TinyClassifier.Images(3);
        Tensor First(ImageCaptioner captioner) => captioner.Denoise(captioner.Encode(images), Sampling(guidance: 1.5)).Select(step => step.Probabilities()).First();

        var (expected, probabilities) = (First(saved), First(half));

        probabilities.dtype.Should().Be(ScalarType.Float32);
        probabilities.ShouldBeWithin(0.1, expected);
        (probabilities - expected).abs().mean().item<float>().Should().BeInRange(1e-6f, 0.01f);
        half.Caption(half.Encode(images), Sampling()).Should().HaveCount(3);
    }

    [Fact]
    public void Changed_weights_are_sampled_as_they_are_then()
    {
        // The width is small beside the vocabulary, so that noise is drawn by a factor of WWᵀ, which is kept.
        using var captioner = TinyCaptioner.Create(TinyCaptioner.Options with { Denoiser = TinyCaptioner.Options.Denoiser with { Width = 4, Heads = 1 } });
        var condition = captioner.Encode(TinyClassifier.Images(3));
        var before = captioner.Caption(condition, Sampling());
        using (no_grad())
            captioner.Network.Denoiser.Embedding.parameters().Single().Scale(-2);
        captioner.Save(_folder.Path);
        using var fresh = ImageCaptioner.Load(_folder.Path);

        captioner.Caption(condition, Sampling()).Should().NotEqual(before);
        captioner.Caption(condition, Sampling()).Should().Equal(fresh.Caption(condition, Sampling()));
    }

    [Fact]
    public void The_condition_is_all_tokens_or_the_class_token()
    {
        using var all = TinyCaptioner.Create();
        using var one = TinyCaptioner.Create(TinyCaptioner.Options with { Condition = CaptionCondition.ClassTokens });
        var images = TinyClassifier.Images(2);

        all.Encode(images).shape.Should().Equal(2, 5, 16);
        one.Encode(images).shape.Should().Equal(2, 1, 16);
        all.Encode(images).narrow(1, 0, 1).ShouldBeWithin(1e-6, ((Tweedie.Networks.VisionTransformer)all.Network.Encoder).forward(images));
    }

    [Theory]
    [InlineData(TokenMethod.Tdd)]
    [InlineData(TokenMethod.Mdd)]
    public void The_last_steps_tokens_are_the_caption(TokenMethod method)
    {
        using var captioner = TinyCaptioner.Create(TinyCaptioner.Options with { Method = method });
        var condition = captioner.Encode(TinyClassifier.Images(3));
        var shown = captioner.Denoise(condition, Sampling()).Select(step => captioner.Sentences(step.Tokens)).ToList()[^1]; // not Last(), which reads after the end

        captioner.Caption(condition, Sampling()).Should().Equal(shown);
    }

    [Fact]
    public void A_sentence_ends_before_its_first_end_token()
    {
        using var captioner = TinyCaptioner.Create();
        var (end, padding) = (captioner.Tokenizer.Special.End, captioner.Tokenizer.Special.Padding);
        var words = captioner.Tokenizer.Encode("a small dog");
        var rows = tensor(new long[,]
        {
            { words[0], words[1], words[2], end, padding, padding },
            { words[0], end, words[2], end, words[1], padding },
            { end, words[0], words[0], words[0], words[0], words[0] },
        });

        captioner.Sentences(rows).Should().Equal("a small dog", "a", "");
    }

    [Fact]
    public void Another_seed_gives_other_sentences_and_the_same_seed_the_same()
    {
        using var captioner = TinyCaptioner.Create();
        var condition = captioner.Encode(TinyClassifier.Images(8));

        captioner.Caption(condition, Sampling(1)).Should().Equal(captioner.Caption(condition, Sampling(1)));
        captioner.Caption(condition, Sampling(1)).Should().NotEqual(captioner.Caption(condition, Sampling(2)));
        captioner.Caption(condition, Sampling(1) with { ToOne = ToOneKind.Argmax }).Should().NotEqual(captioner.Caption(condition, Sampling(1)), "the sentences are drawn by default here");
    }

    [Theory]
    [InlineData(TokenMethod.Tdd)]
    [InlineData(TokenMethod.Mdd)]
    public void Draws_of_an_image_share_its_condition_and_stand_side_by_side(TokenMethod method)
    {
        using var captioner = TinyCaptioner.Create(TinyCaptioner.Options with { Method = method });
        var condition = captioner.Encode(TinyClassifier.Images(2));
        Tensor First(Tensor of, int draws) => captioner.Denoise(of, Sampling(guidance: 1.5) with { Draws = draws }).Select(step => step.Probabilities()).First();

        var together = First(condition, 3).unflatten(0, [2, 3]);
        together.select(1, 0).ShouldBeWithin(1e-5, First(condition, 1)); // the first of three draws equals a single draw
        if (method == TokenMethod.Tdd)
            together.select(1, 1).ShouldNotEqual(together.select(1, 0));
        captioner.Caption(condition, Sampling() with { Draws = 3 }).Should().HaveCount(6);
    }

    [Fact]
    public void Sampling_can_stop_once_the_sentences_are_stable()
    {
        using var captioner = TinyCaptioner.Create();
        var condition = captioner.Encode(TinyClassifier.Images(1));
        // The scores do not depend on the noise, so the first step already gives the sentence.
        using (no_grad())
            foreach (var (name, parameter) in captioner.Network.Denoiser.named_parameters())
                if (name == "head.weight")
                    parameter.zero_();

        captioner.Denoise(condition, new SamplingOptions { Steps = 50, StopWhenStable = 3 }).Count().Should().Be(4);
        captioner.Denoise(condition, new SamplingOptions { Steps = 50 }).Count().Should().Be(50);
    }

    [Fact]
    public void Masked_captions_that_would_all_be_the_same_are_refused()
    {
        using var captioner = TinyCaptioner.Create(TinyCaptioner.Options with { Method = TokenMethod.Mdd });

        FluentActions.Invoking(() => captioner.Model.Resolve(new SamplingOptions { Draws = 3 })).Should().Throw<TweedieException>().WithMessage("Draws = 3*multinomial*");
        captioner.Model.Resolve(new SamplingOptions { Draws = 3, ToOne = ToOneKind.Multinomial });
        captioner.Model.Resolve(new SamplingOptions { Draws = 3, Unmasking = UnmaskingKind.Ancestral });
    }

    [Fact]
    public void Masked_diffusion_refuses_what_it_has_not()
    {
        using var captioner = TinyCaptioner.Create(TinyCaptioner.Options with { Method = TokenMethod.Mdd });

        FluentActions.Invoking(() => captioner.Model.Resolve(Sampling() with { Control = true })).Should().Throw<TweedieException>().WithMessage("*control*mdd*");
        FluentActions.Invoking(() => captioner.Model.Resolve(Sampling() with { Decode = DecodeKind.Consensus })).Should().Throw<TweedieException>();
        FluentActions.Invoking(() => captioner.Model.Resolve(Sampling() with { StopWhenStable = 3 })).Should().Throw<TweedieException>().WithMessage("stopWhenStable = 3*mdd*");
        FluentActions.Invoking(() => captioner.Model.Resolve(Sampling() with { Steps = 5000 })).Should().NotThrow("its time is continuous");
    }

    [Theory]
    [InlineData(TokenMethod.Tdd)]
    [InlineData(TokenMethod.Mdd)]
    public void Reading_a_stream_leaves_no_tensor(TokenMethod method)
    {
        using var captioner = TinyCaptioner.Create(TinyCaptioner.Options with { Method = method });
        using var condition = captioner.Encode(TinyClassifier.Images(2)).DetachFromDisposeScope();

        LiveTensors.LeftBy(() => captioner.Caption(condition, Sampling(guidance: 2)).Should().HaveCount(2)).Should().Be(0);
        LiveTensors.LeftBy(() => captioner.Denoise(condition, Sampling()).First().Index.Should().Be(0)).Should().Be(0);
    }
}
