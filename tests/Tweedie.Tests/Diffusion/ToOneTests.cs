using Tweedie.Diffusion;
using Tweedie.Sampling;
using static TorchSharp.torch;
using static Tweedie.TensorArithmetic;

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
    [InlineData(9)]
    [InlineData(64)]
    [InlineData(2549)] // not whole blocks of entries
    [InlineData(9000)] // more than one chunk
    public void One_pass_gives_argmax_and_its_probability(int classes)
    {
        using var scope = NewDisposeScope();
        var scores = randn([40, 2, classes], float32, generator: new Generator(1)).Times(3);
        scores[5, 0, classes - 1] = 40f;
        scores[6, 1, 0] = 40f;
        var logits = Logits.Of(scores);

        var (tokens, probabilities) = ToOne.Argmax.ChooseWithProbabilities(logits, Noise(1));

        tokens.ShouldEqual(scores.argmax(-1));
        ToOne.Argmax.Choose(logits, Noise(1)).ShouldEqual(tokens);
        probabilities.ShouldBeWithin(1e-5, nn.functional.softmax(scores.to(float64), -1).amax([-1L]));
    }

    [Fact]
    public void A_draw_tells_the_probability_of_what_it_drew()
    {
        using var scope = NewDisposeScope();
        var scores = randn([40, 2, 7], float32, generator: new Generator(1));

        var (tokens, probabilities) = ToOne.Multinomial.ChooseWithProbabilities(Logits.Of(scores), Noise(1));

        tokens.ShouldNotEqual(scores.argmax(-1));
        probabilities.ShouldBeWithin(1e-6, nn.functional.softmax(scores, -1).gather(-1, tokens.unsqueeze(-1)).squeeze(-1));
    }

    [Fact]
    public void Draws_from_a_nucleus_count_scores_that_were_added()
    {
        using var scope = NewDisposeScope();
        var tokens = randint(0, 9, [50, 4], int64, generator: new Generator(2));
        var sure = Logits.Of(zeros(50, 4, 9)).Plus(Logits.Of(ForwardProcess.OneHot(tokens, 9).Times(100)));

        ToOne.Draw(topP: 0.9).Choose(sure, Noise(3)).ShouldEqual(tokens);
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void Multinomial_draws_with_the_frequencies_of_the_softmax(ScalarType precision)
    {
        using var scope = NewDisposeScope();
        const int items = 10_000, tokensEach = 2;
        var logits = tensor(Prior).log().Plus(3).to(precision).expand(items, tokensEach, Prior.Length);
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

        ToOne.Multinomial.Choose(Logits.Of(ForwardProcess.OneHot(tokens, 9).Times(1000)), Noise(3)).ShouldEqual(tokens);
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
    [InlineData(ToOneKind.Argmax, 1.0)]
    [InlineData(ToOneKind.Multinomial, 1.0)]
    [InlineData(ToOneKind.Multinomial, 0.5)]
    public void Choosing_leaves_only_the_tokens(ToOneKind kind, double topP)
    {
        using var logits = zeros(2, 3, 4);
        using var generator = new Generator(1);

        LiveTensors.LeftBy(() => ToOne.Create(new SamplingOptions { ToOne = kind, TopP = topP }).Choose(Logits.Of(logits), new TorchNoise(CPU, generator)).Dispose()).Should().Be(0);
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
        var scores = Filled([1, 1, 10_000], -100, float32, CPU);
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

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.9)]
    public void A_low_temperature_draws_what_argmax_takes(double topP)
    {
        using var scope = NewDisposeScope();
        var scores = randn([40, 3, 10_000], float32, generator: new Generator(9)); // several chunks of the vocabulary

        ToOne.Draw(temperature: 0.0001, topP).Choose(Logits.Of(scores.alias()), Noise(1)).ShouldEqual(scores.argmax(-1));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(2.0)]
    public void A_temperature_draws_with_the_frequencies_of_the_divided_scores(double temperature)
    {
        using var scope = NewDisposeScope();
        const int draws = 5_000;
        long[] entries = [0, 4095, 4096, 5000, 8200]; // three chunks
        var scores = Filled([1, 1, 8_201], -1000, float32, CPU);
        for (var i = 0; i < entries.Length; i++)
            scores[0, 0, entries[i]] = (float)Math.Log(Prior[i]) + 5;
        var shares = Prior.Select(share => Math.Pow(share, 1 / temperature)).ToArray();

        var tokens = ToOne.Draw(temperature).Choose(Logits.Of(scores.expand(draws, 1, -1)), Noise(8)).Longs();

        Statistics.ChiSquareDeviation(Statistics.Counts(tokens.Select(token => (long)Array.IndexOf(entries, token)), 5), [.. shares.Select(share => share / shares.Sum())])
            .Should().BeLessThan(6);
    }

    [Theory]
    [InlineData(1.0, 0.4, new[] { 1.0 })]
    [InlineData(1.0, 0.74, new[] { 0.5, 0.25 })]
    [InlineData(1.0, 0.76, new[] { 0.5, 0.25, 0.15 })]
    [InlineData(1.0, 0.98, new[] { 0.5, 0.25, 0.15, 0.07, 0.03 })]
    [InlineData(0.5, 0.94, new[] { 0.25, 0.0625, 0.0225 })] // of squares, which sum to 0.3408: 0.734, 0.917, 0.983
    public void Top_p_draws_from_the_smallest_set_that_reaches_the_mass(double temperature, double topP, double[] shares)
    {
        using var scope = NewDisposeScope();
        const int items = 10_000, each = 2;
        var order = new long[] { 3, 0, 4, 1, 2 }; // the entries by rank
        var scores = zeros(5);
        for (var rank = 0; rank < 5; rank++)
            scores[order[rank]] = (float)Math.Log(Prior[rank]);

        var tokens = ToOne.Draw(temperature, topP).Choose(Logits.Of(scores.expand(items, each, 5)), Noise(7));

        tokens.shape.Should().Equal(items, each);
        var counts = Statistics.Counts(tokens.contiguous().Longs(), 5);
        order.Skip(shares.Length).Should().OnlyContain(entry => counts[entry] == 0);
        if (shares.Length > 1)
            Statistics.ChiSquareDeviation([.. order.Take(shares.Length).Select(entry => counts[entry])], [.. shares.Select(share => share / shares.Sum())]).Should().BeLessThan(6);
    }

    // A flat distribution has more entries in its set than are looked at first; a steep one beside it has one.
    [Fact]
    public void The_set_of_each_token_is_its_own_and_may_be_large()
    {
        using var scope = NewDisposeScope();
        const int classes = 5000;
        var flat = Counting(classes, float32).Times(-1e-4);
        var steep = zeros(classes);
        steep[77] = 50;

        var probabilities = new Sharpening(1, 0.6).Probabilities(Logits.Of(stack([flat, steep]).unsqueeze(0)));

        var whole = nn.functional.softmax(flat.to(float64), -1).data<double>().ToArray();
        var (count, mass) = (0, 0.0);
        while (mass < 0.6)
            mass += whole[count++];
        count.Should().BeGreaterThan(1000);
        probabilities[0, 0].narrow(0, 0, count).min().item<float>().Should().BePositive();
        probabilities[0, 0].narrow(0, count, classes - count).sum().item<float>().Should().Be(0);
        probabilities[0, 0].narrow(0, 0, count).ShouldBeWithin(1e-7, tensor(whole).narrow(0, 0, count).Over(mass).to(float32));
        probabilities[0, 1, 77].item<float>().Should().Be(1);
        probabilities.sum(-1).ShouldBeWithin(1e-5, ones(1, 2));
    }

    [Fact]
    public void Top_p_draws_the_same_for_an_item_whatever_stands_beside_it()
    {
        using var scope = NewDisposeScope();
        var scores = randn([3, 4, 600], float32, generator: new Generator(3)) * tensor(new[] { 0.1f, 1, 4 }).view(3, 1, 1);
        Tensor Draw(params int[] items) => ToOne.Draw(0.8, 0.9).Choose(
            Logits.Of(scores.index_select(0, tensor([.. items.Select(item => (long)item)]))), new ItemNoise(ItemNoise.Seeds(5, items), CPU));

        var together = Draw(0, 1, 2);

        foreach (var item in new[] { 0, 1, 2 })
            Draw(item).ShouldEqual(together.narrow(0, item, 1));
    }

    [Fact]
    public void A_draw_of_picked_tokens_is_that_of_the_same_tokens_among_all()
    {
        using var scope = NewDisposeScope();
        var scores = Logits.Of(randn([3, 4, 600], float32, generator: new Generator(3)));
        var picked = tensor(new[] { true, false, false, true, false, false, false, false, true, true, false, true }).view(3, 4);
        var noise = new ItemNoise(ItemNoise.Seeds(5, [0, 1, 2]), CPU);
        var rule = ToOne.Draw(1, 0.9);

        rule.Choose(scores.At(picked), noise, picked).flatten().ShouldEqual(rule.Choose(scores, noise).masked_select(picked));
    }

    [Fact]
    public void Without_sharpening_a_draw_is_the_papers()
    {
        ToOne.Draw().Should().BeSameAs(ToOne.Multinomial);
        ToOne.Create(new SamplingOptions { ToOne = ToOneKind.Multinomial }).Should().BeSameAs(ToOne.Multinomial);
        ToOne.Create(new SamplingOptions()).Should().BeSameAs(ToOne.Argmax);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-1, 1)]
    [InlineData(double.NaN, 1)]
    [InlineData(1, 0)]
    [InlineData(1, 1.1)]
    [InlineData(1, double.NaN)]
    public void A_draw_refuses_numbers_out_of_range(double temperature, double topP) =>
        FluentActions.Invoking(() => ToOne.Draw(temperature, topP)).Should().Throw<ArgumentOutOfRangeException>();

    [Theory]
    [InlineData(0.7, 1.0, "Temperature = 0.7 ")]
    [InlineData(1.0, 0.9, "TopP = 0.9 ")]
    public void Argmax_refuses_what_it_would_ignore(double temperature, double topP, string said)
    {
        var sampling = new SamplingOptions { Temperature = temperature, TopP = topP };
        foreach (var process in new DiffusionProcess[] { new OneHotDiffusion(new DiffusionOptions()), new MaskedDiffusion() })
        {
            FluentActions.Invoking(() => process.Reverse(sampling)).Should().Throw<TweedieException>().WithMessage($"{said}*argmax*multinomial*");
            process.Reverse(sampling with { ToOne = ToOneKind.Multinomial }).Should().NotBeNull();
        }
        new MaskedDiffusion().Reverse(sampling with { Unmasking = UnmaskingKind.Ancestral }).Should().NotBeNull("ancestral unmasking draws by itself");
    }
}
