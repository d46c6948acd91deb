using Tweedie.Models;
using Tweedie.Sampling;
using Tweedie.Text;

namespace Tweedie.Tests.Models;

public sealed class TextGeneratorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<TokenMethod> Methods => [TokenMethod.Tdd, TokenMethod.Mdd, TokenMethod.Ar];

    private static SamplingOptions Few(TokenMethod method, long seed = 1) => new() { Steps = method == TokenMethod.Ar ? null : 4, Seed = seed };

    private static TextGenerator Create(TokenMethod method) => TinyTextGenerator.Create(TinyTextGenerator.Options with { Method = method });

    [Theory]
    [MemberData(nameof(Methods))]
    public void Texts_follow_from_the_seed_and_their_number_alone(TokenMethod method)
    {
        using var generator = Create(method);
        var texts = generator.Generate(count: 5, sampling: Few(method));

        texts.Should().HaveCount(5);
        texts.Distinct().Count().Should().BeGreaterThan(1, "entries are drawn by default");
        generator.Generate(count: 5, sampling: Few(method)).Should().Equal(texts);
        generator.Generate(count: 2, sampling: Few(method)).Should().Equal(texts.Take(2), "the noise of a text does not depend on the others");
        generator.Generate(count: 5, sampling: Few(method, seed: 2)).Should().NotEqual(texts);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_prompt_begins_every_text_and_long_texts_go_on_from_it(TokenMethod method)
    {
        using var generator = Create(method);
        foreach (var length in new int?[] { null, 4, 6, 7, 20 })
        {
            var texts = generator.Generate(count: 2, prompt: "two big", length, Few(method));
            texts.Should().OnlyContain(text => text.StartsWith("two big"));
            texts.Should().OnlyContain(text => Words(text).Length == (length ?? 6));
        }
    }

    [Fact]
    public void A_long_text_begins_as_a_short_one_does()
    {
        using var generator = Create(TokenMethod.Tdd);
        generator.Generate(length: 14, sampling: Few(TokenMethod.Tdd)).Single().Should().StartWith(generator.Generate(sampling: Few(TokenMethod.Tdd)).Single());
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Gaps_are_filled_and_the_rest_stays(TokenMethod method)
    {
        using var generator = Create(method);
        var answers = generator.Fill(TokenTemplate.Parse("a [__] dog [_]", generator.Tokenizer), count: 6, Few(method));

        answers.Should().OnlyContain(text => Words(text).Length == 5);
        answers.Should().OnlyContain(text => text.StartsWith("a ") && Words(text)[3] == "dog");
        answers.Distinct().Count().Should().BeGreaterThan(1);
        Words(generator.Fill(TokenTemplate.Parse("a dog...", generator.Tokenizer), count: 1, Few(method)).Single()).Should().HaveCount(6);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_saved_generator_writes_the_same(TokenMethod method)
    {
        using var generator = Create(method);
        generator.Save(_folder.Path);
        using var loaded = TextGenerator.Load(_folder.Path);

        loaded.Options.Should().Be(generator.Options);
        loaded.Generate(3, sampling: Few(method)).Should().Equal(generator.Generate(3, sampling: Few(method)));
        File.ReadAllText(Path.Combine(_folder.Path, "config.json")).Should().NotContain("encoder").And.NotContain("std", "there is no image");
    }

    [Fact]
    public void A_model_keeps_how_entries_are_drawn()
    {
        var options = TinyTextGenerator.Options with { Method = TokenMethod.Ar, Sampling = new() { Temperature = 0.5, TopP = 0.9, ToOne = ToOneKind.Multinomial } };
        using var generator = TinyTextGenerator.Create(options);

        generator.Model.Resolve(null).Should().BeEquivalentTo(new { Temperature = 0.5, TopP = 0.9, ToOne = ToOneKind.Multinomial, Steps = 6 });
        generator.Model.Resolve(new() { ToOne = ToOneKind.Argmax }).Should().BeEquivalentTo(new { Temperature = 1.0, TopP = 1.0, ToOne = ToOneKind.Argmax }, "a temperature belongs to draws");
        generator.Model.Resolve(new() { Temperature = 2 }).Should().BeEquivalentTo(new { Temperature = 2.0, TopP = 0.9 });
    }

    [Fact]
    public void The_steps_show_the_text_as_it_comes()
    {
        using var generator = Create(TokenMethod.Mdd);
        using var constraint = generator.Constrain(TokenTemplate.Parse("a [____] dog", generator.Tokenizer));
        var steps = generator.Denoise(2, constraint, Few(TokenMethod.Mdd)).Select(step => step.Snapshot()).ToList();

        steps.Should().HaveCount(4);
        steps.Should().OnlyContain(step => step.Tokens.Count == 2 && !step.Hidden![0][0] && !step.Hidden[1][5]);
    }

    [Fact]
    public void Nothing_is_left_behind() => LiveTensors.LeftBy(() =>
    {
        using var generator = Create(TokenMethod.Tdd);
        _ = generator.Generate(2, "a small", 9, Few(TokenMethod.Tdd));
        _ = generator.Fill(TokenTemplate.Parse("a [__] dog", generator.Tokenizer), 2, Few(TokenMethod.Tdd));
        foreach (var _ in generator.Denoise(2, null, Few(TokenMethod.Tdd)).Take(2)) { }
    }).Should().Be(0);

    public static TheoryData<Action<TextGenerator>, string> Mistakes => new()
    {
        { generator => generator.Generate(prompt: "a small dog runs on green grass"), "*prompt has 7 tokens*model has 6 in all*at most 5*" },
        { generator => generator.Generate(prompt: "a purple dog"), "*'purple'*not in the model's vocabulary*" },
        { generator => generator.Generate(sampling: new() { Guidance = 2 }), "*Guidance = 2*condition*none*" },
        { generator => generator.Generate(sampling: new() { LengthBias = 1 }), "*LengthBias = 1*" },
        { generator => generator.Fill(TokenTemplate.Parse("a small [____] dog", generator.Tokenizer)), "*7 tokens with its gaps*room for 6*" },
        { generator => TokenTemplate.Parse("a small dog", generator.Tokenizer), "*'a small dog'*no gap*[___]*" },
        { generator => TokenTemplate.Parse("a [__] wombat", generator.Tokenizer), "*'wombat'*vocabulary*" },
        { generator => generator.Generate(count: 2, sampling: new() { ToOne = ToOneKind.Argmax, Unmasking = UnmaskingKind.Ancestral }), "*Unmasking = ancestral*" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_one_line(Action<TextGenerator> use, string message)
    {
        using var generator = Create(TokenMethod.Tdd);
        FluentActions.Invoking(() => use(generator)).Should().Throw<TweedieException>().WithMessage(message).Which.Message.Should().NotContain("\n");
    }

    [Fact]
    public void It_takes_no_images()
    {
        using var generator = Create(TokenMethod.Tdd);
        FluentActions.Invoking(() => generator.Model.Input).Should().Throw<InvalidOperationException>();
        using var captioner = TinyCaptioner.Create();
        FluentActions.Invoking(() => captioner.Model.Unconditional(1)).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void Fixed_words_stay_in_captions_and_no_sentence_ends_before_them()
    {
        foreach (var method in new[] { TokenMethod.Tdd, TokenMethod.Mdd, TokenMethod.Ar })
        {
            using var scope = TorchSharp.torch.NewDisposeScope();
            using var captioner = TinyCaptioner.Create(TinyCaptioner.Options with { Method = method });
            var condition = captioner.Encode(TorchSharp.torch.rand(3, 3, 16, 16));
            var sampling = new SamplingOptions { Steps = method == TokenMethod.Ar ? null : 4, Draws = 4, ToOne = ToOneKind.Multinomial };

            using var whole = captioner.Constrain(TokenTemplate.Parse("two [_] dogs", captioner.Tokenizer));
            captioner.Caption(condition, sampling, whole).Should().HaveCount(12).And.OnlyContain(
                caption => Words(caption).Length == 3 && Words(caption)[0] == "two" && Words(caption)[2] == "dogs");

            using var open = captioner.Constrain(TokenTemplate.Parse("two [_] dogs...", captioner.Tokenizer));
            captioner.Caption(condition, sampling, open).Should().OnlyContain(caption => Words(caption)[0] == "two" && Words(caption)[2] == "dogs");
        }
    }

    // A full stop is a word of its own, but no space comes before it.
    private static string[] Words(string text) => text.Replace(".", " .").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public void Dispose() => _folder.Dispose();
}
