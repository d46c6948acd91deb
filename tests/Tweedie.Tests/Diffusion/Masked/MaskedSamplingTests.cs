using TorchSharp;
using Tweedie.Diffusion;
using Tweedie.Sampling;
using static TorchSharp.torch;
using static Tweedie.TensorArithmetic;

namespace Tweedie.Tests.Diffusion.Masked;

public sealed class MaskedSamplingTests : IDisposable
{
    private const int Tokens = 6, Classes = 4;

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Generator _generator = new(5);
    private readonly TorchNoise _noise;

    public MaskedSamplingTests() => _noise = new TorchNoise(CPU, _generator);

    public void Dispose()
    {
        _generator.Dispose();
        _scope.Dispose();
    }

    // Token n's best entry is n mod K, by a margin that grows with n.
    private static FillingDenoiser Rising(int items = 2)
    {
        var logits = zeros(items, Tokens, Classes);
        for (var n = 0; n < Tokens; n++)
            logits[.., n, n % Classes] = 1 + n;
        return new(logits);
    }

    private static ReverseProcess ByConfidence(int steps, Guidance? guidance = null) =>
        new(new MaskedDiffusion(), SamplingPlan.Masked(steps), new MaskedConfidence(), ToOne.Argmax, guidance ?? Guidance.None);

    [Theory]
    [InlineData(1, new long[] { 6 })]
    [InlineData(3, new long[] { 6, 4, 2 })]
    [InlineData(4, new long[] { 6, 5, 3, 2 })]
    [InlineData(6, new long[] { 6, 5, 4, 3, 2, 1 })]
    public void Equal_shares_of_the_tokens_appear_at_every_step(int steps, long[] hidden)
    {
        var denoiser = Rising(items: 1);

        ByConfidence(steps).Run(denoiser, _noise).Count().Should().Be(steps);

        denoiser.Predictions.Select(call => call.Hidden).Should().Equal(hidden);
    }

    [Fact]
    public void The_most_confident_tokens_appear_first()
    {
        var appeared = ByConfidence(Tokens).Run(Rising(items: 1), _noise).Select(step => step.Hidden!.sum().item<long>() == 0
            ? [] : step.Hidden!.nonzero()[.., 1].Longs()).ToList();

        appeared[0].Should().Equal(0, 1, 2, 3, 4);
        appeared[3].Should().Equal(0, 1);
        appeared[5].Should().BeEmpty();
    }

    [Fact]
    public void Every_step_tells_a_whole_row_of_entries()
    {
        foreach (var step in ByConfidence(3).Run(Rising(), _noise))
            step.Tokens.ShouldEqual(Counting(Tokens, int64).Modulo(Classes).expand(2, -1));
    }

    [Fact]
    public void Steps_in_which_nothing_appears_cost_no_network_call()
    {
        var denoiser = Rising(items: 1);

        var steps = ByConfidence(60).Run(denoiser, _noise).Select(step => step.IsLast).ToList();

        steps.Should().HaveCount(60).And.EndWith(true);
        denoiser.Predictions.Select(call => call.Hidden).Should().Equal(6, 5, 4, 3, 2, 1);
    }

    [Fact]
    public void Each_step_is_guided_by_its_own_scale()
    {
        var denoiser = Rising();

        ByConfidence(5, new Guidance(3, GuidanceSchedule.Linear)).Run(denoiser, _noise).Count().Should().Be(5);

        denoiser.Predictions.Select(call => call.Guidance).Should().Equal(1, 1.5, 2, 2.5, 3);
    }

    [Fact]
    public void Ancestral_samples_have_the_networks_distribution()
    {
        const int items = 4000;
        double[] shares = [0.1, 0.2, 0.3, 0.4];
        var denoiser = new FillingDenoiser(tensor([.. shares.Select(share => (float)Math.Log(share))]).expand(items, 3, 4));
        List<long> appeared = [], drawn = [];
        foreach (var step in new ReverseProcess(new MaskedDiffusion(), SamplingPlan.Masked(4), new MaskedAncestral(), ToOne.Argmax, Guidance.None).Run(denoiser, _noise))
        {
            appeared.Add(step.Hidden!.sum().item<long>());
            if (step.IsLast)
                drawn.AddRange(step.Tokens.Longs());
        }

        appeared[^1].Should().Be(0);
        Statistics.ChiSquareDeviation([appeared[1], 3 * items - appeared[1]], [0.5, 0.5]).Should().BeLessThan(6, "half of the time is over");
        Statistics.ChiSquareDeviation(Statistics.Counts(drawn, 4), shares).Should().BeLessThan(6);
    }

    [Fact]
    public void Ancestral_samples_have_the_sharpened_distribution()
    {
        const int items = 4000;
        double[] shares = [0.1, 0.2, 0.3, 0.4]; // the squares sum to 0.3
        var denoiser = new FillingDenoiser(tensor([.. shares.Select(share => (float)Math.Log(share))]).expand(items, 3, 4));
        var reverse = new MaskedDiffusion().Reverse(new() { Steps = 4, Unmasking = UnmaskingKind.Ancestral, Temperature = 0.5, TopP = 0.95 });

        var drawn = reverse.Run(denoiser, _noise).Where(step => step.IsLast).SelectMany(step => step.Tokens.Longs()).ToList();

        var counts = Statistics.Counts(drawn, 4);
        counts[0].Should().Be(0, "the three likeliest have 29/30 of the mass");
        Statistics.ChiSquareDeviation(counts[1..], [4 / 29.0, 9 / 29.0, 16 / 29.0]).Should().BeLessThan(6);
    }

    // Each of 1,000 steps reveals a thousandth of the tokens, whose entries have a probability of 1/30,522 each: float32 draws have too few digits for that.
    [Fact]
    public void Ancestral_steps_over_a_large_vocabulary_reveal_the_right_share()
    {
        const int classes = 30_522, items = 40, length = 50;
        using var logits = zeros(1, 1, classes);
        var space = new MaskedSpace(zeros(1, classes));
        var state = Filled([items, length], classes, int64, CPU);
        var revealed = 0L;
        for (var draw = 0; draw < 5; draw++)
        {
            var noise = new ItemNoise(ItemNoise.Seeds(draw, [.. Enumerable.Range(0, items)]), CPU);
            using var now = new SamplerInput(space, state, NoiseLevels.Of(0, 0, CPU), Logits.Of(logits.expand(items, length, classes)), ToOne.Argmax, noise, 0, 1);
            revealed += new MaskedAncestral().Advance(now, NoiseLevels.Of(0.001, 0, CPU), noise).State.Is(classes).logical_not().sum().item<long>();
        }

        // 10,000 tokens with a chance of 0.001: 10 ± 3.2.
        revealed.Should().BeInRange(1, 28);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void Reading_some_steps_leaves_no_tensor(int steps)
    {
        var denoiser = Rising();
        LiveTensors.LeftBy(() => ByConfidence(4).Run(denoiser, _noise).Take(steps).Count().Should().Be(steps)).Should().Be(0);
    }

    [Fact]
    public void Cancelling_stops_before_the_next_step()
    {
        using var cancellation = new CancellationTokenSource();
        var denoiser = Rising();

        FluentActions.Invoking(() =>
        {
            foreach (var step in ByConfidence(4).Run(denoiser, _noise, cancellation: cancellation.Token))
                cancellation.Cancel();
        }).Should().Throw<OperationCanceledException>();
        denoiser.Predictions.Should().ContainSingle();
    }
}
