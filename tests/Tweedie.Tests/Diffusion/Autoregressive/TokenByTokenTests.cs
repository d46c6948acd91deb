using TorchSharp;
using Tweedie.Diffusion;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Tests.Diffusion.Autoregressive;

public sealed class TokenByTokenTests : IDisposable
{
    private const int End = 2;

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    private static ItemNoise Noise(params int[] items) => new(ItemNoise.Seeds(4, items), CPU);

    private static List<StepSnapshot> Run(Language language, SamplingOptions options, ItemNoise? noise = null, long? end = End) =>
        [.. new AutoregressiveProcess((int)language.Tokens).Reverse(options, end).Run(language, noise ?? Noise([.. new int[language.Items]])).Select(step => step.Snapshot())];

    [Fact]
    public void Greedy_sampling_takes_the_most_probable_token_after_those_before_it()
    {
        int[] items = [.. Enumerable.Range(0, 20)];
        var language = new Language(seed: 1, classes: 4, tokens: 5, items);

        var rows = Run(language, new())[^1].Tokens;

        foreach (var item in items)
        {
            var expected = new List<long>();
            while (expected.Count < 5 && !expected.Contains(End))
                expected.Add(language.LogProbabilities(item, expected).Index().MaxBy(entry => entry.Item).Index);
            rows[item].Take(expected.Count).Should().Equal(expected);
            rows[item].Skip(expected.Count).Should().OnlyContain(token => token == End, "the end token stands behind the end");
        }
        rows.Select(row => string.Join(' ', row)).Distinct().Should().HaveCountGreaterThan(5);
    }

    [Fact]
    public void A_step_decides_one_token_and_hides_those_behind_it()
    {
        var steps = Run(new Language(seed: 1, classes: 4, tokens: 5, 0, 1), new(), end: null);

        steps.Select(step => (step.Index, step.Count, step.Timestep, step.AlphaBar, step.IsLast)).Should().Equal(
            (0, 5, 4, 0, false), (1, 5, 3, 0.2, false), (2, 5, 2, 0.4, false), (3, 5, 1, 0.6, false), (4, 5, 0, 0.8, true));
        steps.Should().AllSatisfy(step =>
        {
            step.Hidden.Should().AllSatisfy(row => row.Should().Equal(Enumerable.Range(0, 5).Select(place => !step.IsLast && place > step.Index)));
            foreach (var (row, last) in step.Tokens.Zip(steps[^1].Tokens))
                row.Take(step.Index + 1).Should().Equal(last.Take(step.Index + 1), "decided tokens stay");
        });
    }

    [Fact]
    public void Sampling_stops_when_all_rows_have_ended()
    {
        var steps = Run(new Language(seed: 3, classes: 3, tokens: 40, [.. Enumerable.Range(0, 8)]), new());

        steps.Should().HaveCountLessThan(40);
        steps[^1].IsLast.Should().BeTrue();
        steps[^1].Hidden!.SelectMany(row => row).Should().NotContain(true);
        steps[^1].Tokens.Should().OnlyContain(row => row.Contains(End));
        steps[^2].Tokens.Any(row => !row.Take(steps.Count - 1).Contains(End)).Should().BeTrue("one row was still open");
    }

    [Theory]
    [InlineData(1.0, 1.0)]
    [InlineData(0.6, 1.0)]
    public void Drawn_sentences_have_the_probabilities_of_the_language(double temperature, double topP)
    {
        const int items = 6000;
        var language = new Language(seed: 5, classes: 3, tokens: 3, new int[items]);
        var drawn = Run(language, new() { ToOne = ToOneKind.Multinomial, Temperature = temperature, TopP = topP }, Noise([.. Enumerable.Range(0, items)]))[^1].Tokens;

        var sentences = language.Sentences(0, End).Select(sentence => sentence.Tokens).ToList();
        var shares = sentences.Select(tokens => Enumerable.Range(0, tokens.Length).Aggregate(1.0, (share, place) =>
        {
            var powers = language.LogProbabilities(0, tokens[..place]).Select(logProbability => Math.Exp(logProbability / temperature)).ToArray();
            return share * powers[tokens[place]] / powers.Sum();
        })).ToList();
        var counts = sentences.Select(tokens => (long)drawn.Count(row => row.Take(tokens.Length).SequenceEqual(tokens))).ToList();

        shares.Sum().Should().BeApproximately(1, 1e-9);
        counts.Sum().Should().Be(items);
        Statistics.ChiSquareDeviation(counts, shares).Should().BeLessThan(6);
    }

    [Fact]
    public void Draws_of_a_low_temperature_are_greedy()
    {
        var language = new Language(seed: 1, classes: 6, tokens: 5, [.. Enumerable.Range(0, 20)]);

        Run(language, new() { ToOne = ToOneKind.Multinomial, Temperature = 0.001 })[^1].Tokens.Should().BeEquivalentTo(
            Run(language, new())[^1].Tokens, options => options.WithStrictOrdering());
    }

    [Fact]
    public void The_sentence_of_an_item_does_not_depend_on_its_batch()
    {
        int[] items = [7, 2, 5, 9];
        Language Of(params int[] some) => new(seed: 6, classes: 5, tokens: 12, some);
        var options = new SamplingOptions { ToOne = ToOneKind.Multinomial, TopP = 0.9 };

        var together = Run(Of(items), options, Noise(items))[^1].Tokens;

        foreach (var (place, item) in items.Index())
            Run(Of(item), options, Noise(item))[^1].Tokens[0].Should().Equal(together[place]);
        together.Select(row => Array.IndexOf(row, End)).Distinct().Should().HaveCountGreaterThan(1, "sentences end at different places");
    }

    [Fact]
    public void Each_step_is_guided_by_its_own_scale()
    {
        var language = new Language(seed: 1, classes: 4, tokens: 5, 0);

        Run(language, new() { Guidance = 3, GuidanceSchedule = GuidanceSchedule.Linear }, end: null);

        language.Guidances.Should().Equal(1, 1.5, 2, 2.5, 3);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 1)]
    [InlineData(5, 1)]
    [InlineData(3, 2)]
    [InlineData(5, 2)]
    public void Reading_some_steps_leaves_no_tensor(int steps, int beams)
    {
        var language = new Language(seed: 1, classes: 4, tokens: 5, 0, 1);
        var reverse = new AutoregressiveProcess(5).Reverse(new() { Beams = beams });
        var noise = Noise(0, 1);

        LiveTensors.LeftBy(() => reverse.Run(language, noise).Take(steps).Count().Should().Be(steps)).Should().Be(0);
    }

    [Fact]
    public void Cancelling_stops_before_the_next_step()
    {
        using var cancellation = new CancellationTokenSource();
        foreach (var beams in new[] { 1, 2 })
        {
            var language = new Language(seed: 1, classes: 4, tokens: 5, 0);
            FluentActions.Invoking(() =>
            {
                foreach (var step in new AutoregressiveProcess(5).Reverse(new() { Beams = beams }).Run(language, Noise(0), cancellation: cancellation.Token))
                    cancellation.Cancel();
            }).Should().Throw<OperationCanceledException>();
            language.Guidances.Count.Should().BeLessThanOrEqualTo(1);
        }
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var process = new AutoregressiveProcess(5);

        MemberOf(new() { Steps = 4 }).Should().Be("Steps");
        MemberOf(new() { Control = true }).Should().Be("Control");
        MemberOf(new() { Decode = DecodeKind.Consensus }).Should().Be("Decode");
        MemberOf(new() { StopWhenStable = 1 }).Should().Be("StopWhenStable");
        MemberOf(new() { Unmasking = UnmaskingKind.Ancestral }).Should().Be("Unmasking");
        MemberOf(new() { Draws = 2 }).Should().Be("Draws");
        MemberOf(new() { Beams = 2, Draws = 2 }).Should().Be("Beams");
        MemberOf(new() { Beams = 2, ToOne = ToOneKind.Multinomial }).Should().Be("Beams");
        MemberOf(new() { Temperature = 0.5 }).Should().Be("Temperature");
        process.Reverse(new() { Steps = 5 }).Should().NotBeNull();
        process.Reverse(new() { Draws = 2, ToOne = ToOneKind.Multinomial }).Should().NotBeNull();
        foreach (var other in new DiffusionProcess[] { new MaskedDiffusion(), new OneHotDiffusion(new DiffusionOptions()) })
            FluentActions.Invoking(() => other.Reverse(new() { Beams = 2 })).Should().Throw<TweedieException>().WithMessage("Beams = 2 *(ar)*leave it out.");

        FluentActions.Invoking(() => process.Reverse(new()).Run(new BayesDenoiser([0.5, 0.5], 1, 5), Noise(0))).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => process.Reverse(new()).Run(null!, Noise(0))).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => process.DrawLevels(3, copies: 2, tokens: 4, CPU)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new AutoregressiveProcess(0)).Should().Throw<ArgumentOutOfRangeException>();

        string MemberOf(SamplingOptions options) =>
            FluentActions.Invoking(() => process.Reverse(options)).Should().Throw<TweedieException>().Which.Option!.Member;
    }
}
