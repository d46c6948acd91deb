using Tweedie.Diffusion;
using Tweedie.Sampling;
using static TorchSharp.torch;
using static Tweedie.TensorArithmetic;

namespace Tweedie.Tests.Diffusion;

/// <summary>
/// Tests what each sampler of one-hot diffusion gives with the optimal denoiser of a known prior: draws that re-noise are exact, the posterior and DDIM come
/// closer as steps double, and choices that sharpen have less entropy than the prior.
/// </summary>
public sealed class SamplerLawTests
{
    private const int Items = 2_500;
    private static readonly double[] Prior = [0.6, 0.3, 0.1];

    private static double[] Shares(SamplingOptions sampling, double[]? prior = null, int tokens = 1, NoiseSchedule? schedule = null)
    {
        using var scope = NewDisposeScope();
        prior ??= Prior;
        var diffusion = new OneHotDiffusion(new DiffusionOptions(), schedule: schedule);
        var denoiser = new BayesDenoiser(prior, Items / tokens, tokens);
        long[] drawn = [];
        foreach (var step in diffusion.Reverse(sampling).Run(denoiser, new ItemNoise(ItemNoise.Seeds(7, [.. Enumerable.Range(0, Items / tokens)]), CPU)))
            if (step.IsLast)
                drawn = step.Tokens.Longs();
        return [.. Statistics.Counts(drawn, prior.Length).Select(count => (double)count / drawn.Length)];
    }

    private static double Entropy(double[] shares) => -shares.Where(share => share > 0).Sum(share => share * Math.Log(share));

    private static double Distance(double[] shares) => shares.Zip(Prior, (share, p) => Math.Abs(share - p)).Sum() / 2;

    public static TheoryData<SamplingOptions> Every => new(
        [
            .. from sampler in Enum.GetValues<SamplerKind>()
               from soft in new bool?[] { null, true }
               where soft is null || sampler is SamplerKind.Renoise or SamplerKind.Posterior or SamplerKind.Ddim
               select new SamplingOptions { Steps = 6, Sampler = sampler, Soft = soft },
            new SamplingOptions { Steps = 6, Sampler = SamplerKind.Ddim, Eta = 0.7, Churn = 0.2 },
            new SamplingOptions { Steps = 6, Sampler = SamplerKind.Posterior, Churn = 0.1, ToOne = ToOneKind.Multinomial },
            new SamplingOptions { Steps = 6, Sampler = SamplerKind.Commit, Revise = true, OpenFollow = true },
            new SamplingOptions { Steps = 6, Sampler = SamplerKind.Posterior, Stagger = 0.6 },
            new SamplingOptions { Steps = 6, Sampler = SamplerKind.Renoise, Stagger = 1 },
            new SamplingOptions { Steps = 6, Sampler = SamplerKind.Posterior, Stagger = 0.6, StaggerOrder = TokenOrder.LeftToRight },
        ]);

    [Theory]
    [MemberData(nameof(Every))]
    public void A_prior_of_one_token_is_returned_exactly(SamplingOptions sampling) =>
        Shares(sampling, [0, 1, 0], tokens: 5).Should().Equal(0, 1, 0);

    [Theory]
    [InlineData(SamplerKind.Posterior, false, ToOneKind.Multinomial)]
    [InlineData(SamplerKind.Posterior, true, ToOneKind.Argmax)]
    [InlineData(SamplerKind.Ddim, true, ToOneKind.Argmax)]
    public void More_steps_come_closer_to_the_prior(SamplerKind sampler, bool soft, ToOneKind toOne)
    {
        var options = new SamplingOptions { Sampler = sampler, Soft = soft, ToOne = toOne };
        var few = Distance(Shares(options with { Steps = 2 }));
        var many = Distance(Shares(options with { Steps = 320 }));

        many.Should().BeLessThan(few, "the steps' error falls with their size");
        many.Should().BeLessThan(0.03);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.1)]
    public void Churn_leaves_the_limit_as_it_is(double churn) =>
        Distance(Shares(new SamplingOptions { Steps = 400, Sampler = SamplerKind.Ddim, Churn = churn })).Should().BeLessThan(0.03);

    [Fact]
    public void Ddim_with_all_noise_fresh_is_the_posterior_of_the_mean()
    {
        // Given the same clean vector the two have the same mean and variance; the noise is the same too, so the trajectories are.
        var sampling = new SamplingOptions { Steps = 9, Soft = true };
        Shares(sampling with { Sampler = SamplerKind.Ddim, Eta = 1 }).Should().Equal(Shares(sampling with { Sampler = SamplerKind.Posterior }));
    }

    [Theory]
    [InlineData(SamplerKind.Commit)]
    [InlineData(SamplerKind.LeftToRight)]
    public void Committed_draws_of_independent_tokens_follow_the_prior(SamplerKind sampler)
    {
        // The first choice is a draw from pure noise, and its state then tells it without doubt.
        var shares = Shares(new SamplingOptions { Steps = 4, Sampler = sampler, ToOne = ToOneKind.Multinomial }, tokens: sampler == SamplerKind.Commit ? 1 : 4);

        Statistics.ChiSquareDeviation([.. shares.Select(share => (int)Math.Round(share * Items))], Prior).Should().BeLessThan(6);
    }

    [Theory]
    [InlineData(SamplerKind.Renoise, false)]
    [InlineData(SamplerKind.Renoise, true)]
    [InlineData(SamplerKind.Posterior, false)]
    [InlineData(SamplerKind.Commit, false)]
    public void Choices_that_sharpen_have_less_entropy_than_the_prior(SamplerKind sampler, bool soft) =>
        Entropy(Shares(new SamplingOptions { Steps = 40, Sampler = sampler, Soft = soft ? true : null }, tokens: 2)).Should().BeLessThan(Entropy(Prior) - 0.02);

    [Theory]
    [InlineData(SamplerKind.Posterior, true)]
    [InlineData(SamplerKind.Posterior, false)]
    [InlineData(SamplerKind.Ddim, true)]
    [InlineData(SamplerKind.Renoise, false)]
    public void Less_noise_gathers_samples_at_the_most_probable_entry_until_all_are_there(SamplerKind sampler, bool soft)
    {
        double[] Scaled(double? scale) => Shares(new SamplingOptions { Steps = 40, Sampler = sampler, Soft = soft, NoiseScale = scale }, tokens: 2);

        Scaled(1).Should().Equal(Scaled(null));
        Scaled(0.7)[0].Should().BeGreaterThan(Scaled(1)[0] + 0.02);
        Scaled(0).Should().Equal(1, 0, 0);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(TokenOrder.LeftToRight)]
    public void Staggered_tokens_begin_one_after_the_other_and_each_goes_through_all_levels(TokenOrder? order)
    {
        using var scope = NewDisposeScope();
        var options = new SamplingOptions { Steps = 8, Sampler = SamplerKind.Posterior, Stagger = 0.5, StaggerOrder = order };
        var process = new OneHotDiffusion(new DiffusionOptions { Timesteps = 100 });
        var watching = new WatchingDenoiser(new BayesDenoiser(Prior, items: 1, tokens: 4));
        foreach (var _ in process.Reverse(options).Run(watching, new TorchNoise(CPU, new Generator(3))))
        { }
        double[] plan = [.. SamplingPlan.Uniform(process.Schedule, 8).Select(level => level.AlphaBar)];

        // After i of 8 steps, the token at place ρ has gone 8·(i/8 − ρ/2)/(1 − 1/2) = 2i − 8ρ levels down, with ρ = 1/4, 1/2, 3/4 and 1.
        for (var step = 1; step < 8; step++)
        {
            double[] levels = [.. watching.Levels[step].flatten().data<double>()];
            (order is null ? levels.Order() : levels.Reverse()).Should().Equal(new[] { 1, 0.75, 0.5, 0.25 }.Select(place => plan[(int)Math.Clamp(2 * step - 8 * place, 0, 7)]));
        }
        watching.Levels.Should().HaveCount(8);
    }

    [Fact]
    public void One_after_another_tokens_are_committed()
    {
        // Re-noised in one step each, tokens are at the levels of Commit, though the noise of those that were committed before differs.
        IReadOnlyList<Tensor> Levels(SamplingOptions sampling)
        {
            var watching = new WatchingDenoiser(new BayesDenoiser(Prior, items: 3, tokens: 6));
            foreach (var _ in new OneHotDiffusion(new DiffusionOptions { Timesteps = 100 }).Reverse(sampling).Run(watching, new TorchNoise(CPU, new Generator(3))))
            { }
            return watching.Levels;
        }

        using var scope = NewDisposeScope();
        var (staggered, committed) = (Levels(new() { Steps = 3, Sampler = SamplerKind.Renoise, Stagger = 1 }), Levels(new() { Steps = 3, Sampler = SamplerKind.Commit }));
        for (var step = 1; step < 3; step++)
            (staggered[step] == staggered[step].amax()).sum(1).Longs().Should().Equal((committed[step] == committed[step].amax()).sum(1).Longs());
    }

    [Fact]
    public void Sampling_starts_at_the_variance_of_the_schedules_noisiest_level()
    {
        var schedule = NoiseSchedule.LogSnrWindow(50, -1, 5);
        using var space = new OneHotSpace(eye(3));
        using var alphaBar = Filled([1, 1], schedule.AlphaBar[^1], float64, CPU);
        using var state = space.Prior(2000, 2, alphaBar, new TorchNoise(CPU, new Generator(3)));

        // The deviation of 12,000 numbers is known to 0.7 %.
        state.std().item<float>().Should().BeApproximately((float)Math.Sqrt(1 - schedule.AlphaBar[^1]), 0.03f);
        Distance(Shares(new SamplingOptions { Steps = 10, ToOne = ToOneKind.Multinomial }, schedule: NoiseSchedule.LogSnrWindow(200, -6, 6))).Should().BeLessThan(0.02);
    }

    [Fact]
    public void Committed_tokens_are_at_the_cleanest_level_and_keep_their_state()
    {
        using var scope = NewDisposeScope();
        var schedule = NoiseSchedule.Cosine(100);
        var cleanest = tensor(schedule.AlphaBar[0]);
        var watching = new WatchingDenoiser(new BayesDenoiser(Prior, items: 3, tokens: 6));
        var process = new OneHotDiffusion(new DiffusionOptions { Timesteps = 100 }).Reverse(new SamplingOptions { Steps = 3, Sampler = SamplerKind.Commit });
        var hidden = process.Run(watching, new TorchNoise(CPU, new Generator(3))).Select(step => step.Hidden?.sum(1).Longs()).ToList();

        watching.Levels.Select(levels => levels.eq(cleanest).sum(1).Longs()).Should().BeEquivalentTo([new long[] { 0, 0, 0 }, [2, 2, 2], [4, 4, 4]]);
        hidden.Should().BeEquivalentTo([new long[] { 4, 4, 4 }, [2, 2, 2], null], options => options.WithStrictOrdering(), "the others stay noisy after each step");
        var early = watching.Levels[1].eq(cleanest);
        watching.States[2][early].ShouldEqual(watching.States[1][early]);
        (watching.States[2][early.logical_not()] == watching.States[1][early.logical_not()]).any().item<bool>().Should().BeFalse();
    }

    [Theory]
    [InlineData(SamplerKind.Commit, false)]
    [InlineData(SamplerKind.LeftToRight, false)]
    [InlineData(SamplerKind.Commit, true)]
    public void Committed_tokens_are_chosen_again_only_to_be_revised(SamplerKind sampler, bool revise)
    {
        using var scope = NewDisposeScope();
        var process = new OneHotDiffusion(new DiffusionOptions { Timesteps = 100 });
        var clean = process.Schedule.Level(0);
        var choosing = new WatchingRule();
        var rule = new Commit(sampler == SamplerKind.Commit ? TokenOrder.Confidence : TokenOrder.LeftToRight, clean, revise);
        var reverse = new ReverseProcess(process, SamplingPlan.Control(process.Schedule, 3), rule, choosing, Guidance.None);
        var before = (Tokens: zeros([4, 6], int64), Open: ones([4, 6], @bool));
        foreach (var step in reverse.Run(new BayesDenoiser(Prior, items: 4, tokens: 6), new TorchNoise(CPU, new Generator(3))))
        {
            using (NewDisposeScope())
                step.Tokens.ShouldEqual(ToOne.Argmax.Choose(step.Logits, new TorchNoise(CPU))); // the evidence of a committed token says the same
            if (!revise)
                (step.Tokens * before.Open.logical_not()).ShouldEqual(before.Tokens * before.Open.logical_not());
            before = (step.Tokens.clone(), step.Hidden?.clone() ?? zeros([4, 6], @bool));
        }

        choosing.Chosen.Should().Equal(revise ? [24, 24, 24] : [24, 16, 8]);
    }

    [Fact]
    public void Choices_tell_how_sure_they_are_whichever_is_asked_for_first()
    {
        using var scope = NewDisposeScope();
        using var space = new OneHotSpace(eye(5));
        var scores = Logits.Of(randn([2, 3, 5], float32, generator: new Generator(4)));
        var decided = tensor(new long[,] { { -1, 2, -1 }, { 4, -1, -1 } });
        var (highest, best) = scores.Probabilities().max(-1);
        var open = decided.IsBelow(0);
        SamplerInput Input(Tensor? kept) => new(space, zeros(2, 3, 5), NoiseLevels.Of(0.5, 5, CPU), scores, ToOne.Argmax, new TorchNoise(CPU), 0, 2, kept);
        foreach (var (kept, tokens, confidence) in new (Tensor?, Tensor, Tensor)[] { (decided, where(open, best, decided), where(open, highest, tensor(float.PositiveInfinity))), (null, best, highest) })
        {
            using SamplerInput tokensFirst = Input(kept), confidenceFirst = Input(kept);

            tokensFirst.Tokens.ShouldEqual(tokens);
            confidenceFirst.Confidence.exp().reciprocal().ShouldBeWithin(1e-6, confidence.exp().reciprocal());
            tokensFirst.Confidence.exp().reciprocal().ShouldBeWithin(1e-6, confidence.exp().reciprocal());
            confidenceFirst.Tokens.ShouldEqual(tokens);
        }
    }

    [Fact]
    public void The_told_timestep_lags_behind_the_state_and_stays_above_its_floor()
    {
        var plan = SamplingPlan.Uniform(NoiseSchedule.Cosine(1000), 5);

        SamplingPlan.Tell(plan, 1000, delay: 2).Select(level => level.Timestep).Should().Equal(999, 999, 999, 749, 500);
        SamplingPlan.Tell(plan, 1000, floor: 0.5).Select(level => level.Timestep).Should().Equal(999, 874, 750, 624, 500);
        SamplingPlan.Tell(plan, 1000, delay: 1, floor: 0.5).Select(level => level.AlphaBar).Should().Equal(plan.Select(level => level.AlphaBar));
    }

    [Fact]
    public void A_length_bias_makes_the_end_rarer_in_one_hot_and_masked_diffusion()
    {
        const long end = 2;
        using var scope = NewDisposeScope();
        var logits = tensor(Prior, float32).log().expand(Items, 1, 3);
        foreach (var (reverse, denoiser) in new (IReverseProcess, IDenoiser)[]
        {
            (new OneHotDiffusion(new DiffusionOptions()).Reverse(new() { Steps = 1, ToOne = ToOneKind.Multinomial, LengthBias = 1 }, end, end), new BayesDenoiser(Prior, Items, 1)),
            (new MaskedDiffusion().Reverse(new() { Steps = 1, ToOne = ToOneKind.Multinomial, LengthBias = 1 }, end, end), new Masked.FillingDenoiser(logits)),
        })
        {
            long[] tokens = [.. Enumerable.Range(6, 4).SelectMany(seed => reverse.Run(denoiser, new TorchNoise(CPU, new Generator((ulong)seed))).Select(step => step.Tokens.Longs()).Single())];
            double[] weights = [Prior[0], Prior[1], Prior[2] / Math.E];
            Statistics.ChiSquareDeviation(Statistics.Counts(tokens, 3), [.. weights.Select(weight => weight / weights.Sum())]).Should().BeLessThan(6);
        }
    }

    /// <summary>Argmax that counts the tokens it chooses.</summary>
    private sealed class WatchingRule : IToOne
    {
        public List<long> Chosen { get; } = [];

        public bool IsRandom => false;

        public Tensor Choose(Logits logits, INoiseSource noise, Tensor? picked = null)
        {
            var chosen = ToOne.Argmax.Choose(logits, noise, picked);
            Chosen.Add(chosen.numel());
            return chosen;
        }
    }

    /// <summary>Keeps what the network was given.</summary>
    private sealed class WatchingDenoiser(IDenoiser inner) : IDenoiser
    {
        public List<Tensor> States { get; } = [];

        public List<Tensor> Levels { get; } = [];

        public ITokenSpace Space => inner.Space;

        public long Items => inner.Items;

        public long Tokens => inner.Tokens;

        public Logits Predict(Tensor state, NoiseLevels levels, double guidance, Tensor? previous = null)
        {
            States.Add(state.clone().DetachFromDisposeScope());
            Levels.Add(levels.State.expand(Items, Tokens).clone().DetachFromDisposeScope());
            return inner.Predict(state, levels, guidance);
        }
    }
}
