using Tweedie.Diffusion;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Tests.Diffusion;

public sealed class ToOneTests
{
    private static readonly double[] Prior = [0.5, 0.25, 0.15, 0.07, 0.03];

    private static TorchNoise Noise(ulong seed) => new(CPU, new Generator(seed));

    [Fact]
    public void Argmax_takes_the_highest_score()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new[] { -1f, 5, 2, 0, -3, -2 }).view(1, 2, 3);

        var tokens = ToOne.Argmax.Choose(Logits.Of(logits), Noise(1));

        tokens.shape.Should().Equal(1, 2);
        tokens.Longs().Should().Equal(1, 0);
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void Multinomial_draws_with_the_frequencies_of_the_softmax(ScalarType precision)
    {
        using var scope = NewDisposeScope();
        const int items = 10_000, tokensEach = 2;
        var logits = (tensor(Prior).log() + 3).to(precision).expand(items, tokensEach, Prior.Length);
        var expected = nn.functional.softmax(logits[0, 0].to(float64), -1).data<double>().ToArray();

        var tokens = ToOne.Multinomial.Choose(Logits.Of(logits), Noise(7));

        tokens.shape.Should().Equal(items, tokensEach);
        for (var position = 0; position < tokensEach; position++)
            Statistics.ChiSquareDeviation(Statistics.Counts(tokens.select(1, position).contiguous().Longs(), Prior.Length), expected)
                .Should().BeLessThan(6);
    }

    [Fact]
    public void Multinomial_draws_each_token_from_its_own_scores()
    {
        using var scope = NewDisposeScope();
        var tokens = randint(0, 9, [5, 4], int64, generator: new Generator(2));

        ToOne.Multinomial.Choose(Logits.Of(1000 * ForwardProcess.OneHot(tokens, 9)), Noise(3)).ShouldEqual(tokens);
    }

    [Fact]
    public void Draws_depend_on_the_generators_seed_alone()
    {
        using var scope = NewDisposeScope();
        var logits = zeros(50, 1, 10);
        long[] Draw(ulong seed) => ToOne.Multinomial.Choose(Logits.Of(logits), Noise(seed)).Longs();

        Draw(4).Should().Equal(Draw(4));
        Draw(5).Should().NotEqual(Draw(4));
    }

    [Theory]
    [InlineData(ToOneKind.Argmax)]
    [InlineData(ToOneKind.Multinomial)]
    public void Choosing_leaves_only_the_tokens(ToOneKind kind)
    {
        using var logits = zeros(2, 3, 4);
        using var generator = new Generator(1);

        LiveTensors.LeftBy(() => ToOne.Create(kind).Choose(Logits.Of(logits), new TorchNoise(CPU, generator)).Dispose()).Should().Be(0);
    }

    [Fact]
    public void Argmax_over_several_chunks_of_the_vocabulary_is_that_of_all_scores()
    {
        using var scope = NewDisposeScope();
        var scores = randn([40, 3, 10_000], float32, generator: new Generator(9));

        ToOne.Argmax.Choose(Logits.Of(scores.alias()), Noise(1)).ShouldEqual(scores.argmax(-1));
    }

    [Fact]
    public void Argmax_takes_the_first_of_equal_scores()
    {
        using var scope = NewDisposeScope();
        var scores = zeros(1, 1, 10_000);
        foreach (var entry in new[] { 9_999, 4_500, 130, 90, 80 })
            scores[0, 0, entry] = 1;

        ToOne.Argmax.Choose(Logits.Of(scores), Noise(1)).item<long>().Should().Be(80);
    }

    [Fact]
    public void Multinomial_over_several_chunks_draws_with_the_frequencies_of_the_whole_softmax()
    {
        using var scope = NewDisposeScope();
        const int draws = 2000;
        long[] entries = [0, 4095, 4096, 5000, 9999]; // three chunks, of which the middle one holds two
        var scores = full([1, 1, 10_000], -100f, float32);
        for (var i = 0; i < entries.Length; i++)
            scores[0, 0, entries[i]] = (float)Math.Log(Prior[i]) + 50;
        using var generator = new Generator(8);

        var tokens = ToOne.Multinomial.Choose(Logits.Of(scores.expand(draws, 5, -1)), new TorchNoise(CPU, generator)).Longs();

        Statistics.ChiSquareDeviation(Statistics.Counts(tokens.Select(token => (long)Array.IndexOf(entries, token)), 5), Prior).Should().BeLessThan(6);
    }

    [Fact]
    public void Rules_are_found_by_name()
    {
        ToOne.Create(ToOneKind.Argmax).Should().BeSameAs(ToOne.Argmax);
        ToOne.Create(ToOneKind.Multinomial).Should().BeSameAs(ToOne.Multinomial);
    }
}
