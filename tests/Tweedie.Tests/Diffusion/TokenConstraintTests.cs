using Tweedie.Diffusion;
using Tweedie.Sampling;
using Tweedie.Tests.Diffusion.Autoregressive;
using static TorchSharp.torch;

namespace Tweedie.Tests.Diffusion;

/// <summary>
/// Tests that known tokens stay, that no token is sampled which is not allowed, and that samplers which are exact give the law of the free tokens given the
/// known ones.
/// </summary>
public sealed class TokenConstraintTests
{
    private const int Items = 3_000;

    // p(a, b): which b is likely depends on a.
    private static readonly double[,] Joint = { { 0.30, 0.05, 0.05 }, { 0.02, 0.18, 0.10 }, { 0.10, 0.05, 0.15 } };
    private static readonly DiffusionOptions Trained = new() { Known = new() };

    public static TheoryData<DiffusionOptions, SamplingOptions> Every => new()
    {
        { Trained, new() { Steps = 6 } },
        { new(), new() { Steps = 6 } },
        { Trained, new() { Steps = 6, Sampler = SamplerKind.Posterior, Soft = true } },
        { new(), new() { Steps = 6, Sampler = SamplerKind.Posterior } },
        { Trained, new() { Steps = 6, Sampler = SamplerKind.Ddim, Churn = 0.1 } },
        { Trained, new() { Steps = 6, Sampler = SamplerKind.Commit } },
        { Trained, new() { Steps = 6, Sampler = SamplerKind.LeftToRight, Revise = true, OpenFollow = true } },
        { Trained, new() { Steps = 6, Control = true } },
    };

    [Theory]
    [MemberData(nameof(Every))]
    public void Known_tokens_stay_at_every_step_of_every_sampler(DiffusionOptions diffusion, SamplingOptions sampling)
    {
        using var scope = NewDisposeScope();
        using var constraint = new TokenConstraint(tensor(new long[,] { { 0, 2 }, { 1, 0 } }), tensor(new[,] { { false, true }, { true, false } }), classes: 3);
        var denoiser = new PairDenoiser(Joint, items: 6); // three draws of two items
        foreach (var step in new OneHotDiffusion(diffusion).Reverse(sampling).Run(denoiser, Noise(6), constraint))
        {
            var rows = step.Tokens.Longs().Chunk(2).ToArray();
            rows[..3].Should().OnlyContain(row => row[1] == 2);
            rows[3..].Should().OnlyContain(row => row[0] == 1);
            step.Probabilities()[0, 1, 2].item<float>().Should().Be(1);
        }
    }

    [Theory]
    [InlineData(SamplerKind.Renoise, null, 6)]
    [InlineData(SamplerKind.Commit, null, 2)]
    [InlineData(SamplerKind.LeftToRight, null, 2)]
    [InlineData(SamplerKind.Posterior, true, 100)]
    public void Free_tokens_follow_their_law_given_the_known_ones(SamplerKind sampler, bool? soft, int steps)
    {
        foreach (var known in new long[] { 0, 1 })
        {
            var counts = Second(new OneHotDiffusion(Trained).Reverse(new() { Steps = steps, Sampler = sampler, Soft = soft, ToOne = ToOneKind.Multinomial }), new PairDenoiser(Joint, Items), known);

            // The posterior comes closer as steps double; at 100 its error is below that of so many draws.
            Statistics.ChiSquareDeviation(counts, Given(known)).Should().BeLessThan(6);
        }
    }

    [Theory]
    [InlineData(UnmaskingKind.Ancestral)]
    [InlineData(UnmaskingKind.Confidence)]
    public void Masked_diffusion_draws_from_the_same_law(UnmaskingKind unmasking)
    {
        var counts = Second(new MaskedDiffusion().Reverse(new() { Steps = 4, ToOne = ToOneKind.Multinomial, Unmasking = unmasking }), new MaskedPairDenoiser(Joint, Items), known: 1);

        Statistics.ChiSquareDeviation(counts, Given(1)).Should().BeLessThan(6);
    }

    [Fact]
    public void An_autoregressive_model_writes_known_tokens_where_they_belong()
    {
        using var scope = NewDisposeScope();
        var language = new Language(seed: 3, classes: 4, tokens: 5, [.. Enumerable.Range(0, 40)]);
        using var constraint = new TokenConstraint(tensor(new long[,] { { 2, 0, 0, 3, 0 } }), tensor(new[,] { { true, false, false, true, false } }), classes: 4);
        foreach (var beams in new[] { 1, 3 })
        {
            var rows = new AutoregressiveProcess(5).Reverse(new() { Beams = beams }).Run(language, Noise(40), constraint)
                .Where(step => step.IsLast).SelectMany(step => step.Tokens.Longs()).Chunk(5).ToArray();

            rows.Should().OnlyContain(row => row[0] == 2 && row[3] == 3);
            foreach (var (item, row) in rows.Index().Where(_ => beams == 1))
                row[1].Should().Be(Best(language.LogProbabilities(item, row[..1])), "the free tokens are chosen as ever");
        }

        static long Best(double[] scores) => Array.IndexOf(scores, scores.Max());
    }

    [Fact]
    public void Only_allowed_entries_are_drawn_and_they_keep_their_shares()
    {
        using var scope = NewDisposeScope();
        double[] prior = [0.5, 0.2, 0.2, 0.1];
        using var constraint = new TokenConstraint(zeros(1, 2, int64), zeros(1, 2, @bool), classes: 4, tensor(new[,] { { true, true, false, true }, { false, false, true, true } }));
        var rows = new OneHotDiffusion(new()).Reverse(new() { Steps = 5, ToOne = ToOneKind.Multinomial }).Run(new BayesDenoiser(prior, Items, 2), Noise(Items), constraint)
            .Where(step => step.IsLast).SelectMany(step => step.Tokens.Longs()).Chunk(2).ToArray();

        Statistics.ChiSquareDeviation([.. new long[] { 0, 1, 3 }.Select(entry => (long)rows.Count(row => row[0] == entry))], [5.0 / 8, 2.0 / 8, 1.0 / 8]).Should().BeLessThan(6);
        Statistics.ChiSquareDeviation([.. new long[] { 2, 3 }.Select(entry => (long)rows.Count(row => row[1] == entry))], [2.0 / 3, 1.0 / 3]).Should().BeLessThan(6);
    }

    [Fact]
    public void Tokens_that_are_to_be_decided_are_shared_out_over_all_steps()
    {
        using var scope = NewDisposeScope();
        var known = tensor(new[,] { { true, true, true, false, false, false }, { false, false, false, false, false, false } });
        using var constraint = new TokenConstraint(ones(2, 6, int64), known, classes: 3);
        var masked = new MaskedDiffusion().Reverse(new() { Steps = 3 }).Run(new Masked.FillingDenoiser(rand(2, 6, 3)), Noise(2), constraint);
        masked.Select(step => step.Hidden!.sum(1).Longs()).Should().BeEquivalentTo([new long[] { 2, 4 }, [1, 2], [0, 0]], options => options.WithStrictOrdering());

        var oneHot = new OneHotDiffusion(Trained).Reverse(new() { Steps = 3, Sampler = SamplerKind.Commit }).Run(new BayesDenoiser([0.5, 0.3, 0.2], 2, 6), Noise(2), constraint);
        oneHot.Select(step => step.Hidden?.sum(1).Longs()).Should().BeEquivalentTo([new long[] { 2, 4 }, [1, 2], null], options => options.WithStrictOrdering());
    }

    [Fact]
    public void A_network_that_has_learned_it_sees_known_tokens_clean()
    {
        using var scope = NewDisposeScope();
        using var constraint = new TokenConstraint(zeros(1, 2, int64), tensor(new[,] { { true, false } }), classes: 3);
        foreach (var (options, clean) in new[] { (Trained, true), (new DiffusionOptions(), false) })
        {
            var seen = new List<(double Known, double Free)>();
            var denoiser = new PairDenoiser(Joint, 4) { Observe = levels => seen.Add((levels.State.expand(4, 2)[0, 0].item<double>(), levels.State.expand(4, 2)[0, 1].item<double>())) };
            foreach (var _ in new OneHotDiffusion(options).Reverse(new() { Steps = 4 }).Run(denoiser, Noise(4), constraint)) { }

            seen.Should().HaveCount(4);
            var plan = SamplingPlan.Uniform(NoiseSchedule.Create(options), 4);
            seen.Select(level => level.Free).Should().Equal(plan.Select(level => level.AlphaBar));
            seen.Select(level => level.Known).Should().Equal(plan.Select(level => clean ? plan[^1].AlphaBar : level.AlphaBar));
        }
    }

    [Fact]
    public void Nothing_is_left_behind_by_a_constrained_run() => LiveTensors.LeftBy(() =>
    {
        using var scope = NewDisposeScope();
        using var constraint = new TokenConstraint(zeros(1, 2, int64), tensor(new[,] { { true, false } }), classes: 3, ones(2, 3, @bool));
        foreach (var sampler in Enum.GetValues<SamplerKind>())
            foreach (var _ in new OneHotDiffusion(Trained).Reverse(new() { Steps = 3, Sampler = sampler }).Run(new PairDenoiser(Joint, 4), Noise(4), constraint).Take(2)) { }
    }).Should().Be(0);

    public static TheoryData<Func<TokenConstraint>, string> Mistakes => new()
    {
        { () => new(tensor(new long[,] { { 0, 3 } }), tensor(new[,] { { false, true } }), 3), "*no entry of 0 … 2*" },
        { () => new(tensor(new long[,] { { -1, 0 } }), tensor(new[,] { { true, true } }), 3), "*no entry of 0 … 2*" },
        { () => new(tensor(new long[,] { { 0, 1 } }), tensor(new[,] { { true } }), 3), "*bool of the tokens' shape (1, 2)*(1, 1)*" },
        { () => new(tensor(new long[,] { { 0, 1 } }), tensor(new[,] { { false, true } }), 3, tensor(new[,] { { true, true, true }, { true, false, true } })), "*Token 1 is known at place 1, where it is not allowed*" },
        { () => new(tensor(new long[,] { { 0, 1 } }), tensor(new[,] { { false, false } }), 3, tensor(new[,] { { true, true, true }, { false, false, false } })), "*Place 1 may have no entry at all*" },
        { () => new(tensor(new long[,] { { 0, 1 } }), tensor(new[,] { { false, false } }), 3, ones(2, 4, @bool)), "*bool (2, 3)*(2, 4)*" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_constraint_that_contradicts_itself_is_refused(Func<TokenConstraint> create, string message) =>
        create.Should().Throw<ArgumentException>().WithMessage(message);

    [Fact]
    public void A_constraint_of_other_rows_is_refused_by_the_call()
    {
        using var constraint = new TokenConstraint(zeros(4, 2, int64), zeros(4, 2, @bool), classes: 3);
        foreach (var items in new[] { 3, 6 })
            FluentActions.Invoking(() => new OneHotDiffusion(new()).Reverse(new() { Steps = 2 }).Run(new PairDenoiser(Joint, items), Noise(items), constraint))
                .Should().Throw<ArgumentException>().WithMessage($"*of 2 tokens, for {items} rows, got (4, 2)*");
    }

    private static ItemNoise Noise(int items) => new(ItemNoise.Seeds(7, [.. Enumerable.Range(0, items)]), CPU);

    private static double[] Given(long first)
    {
        double[] row = [.. Enumerable.Range(0, 3).Select(second => Joint[first, second])];
        return [.. row.Select(p => p / row.Sum())];
    }

    // How often each entry follows a known first token.
    private static long[] Second(IReverseProcess reverse, IDenoiser denoiser, long known)
    {
        using var scope = NewDisposeScope();
        using var constraint = new TokenConstraint(tensor(new[,] { { known, 0L } }), tensor(new[,] { { true, false } }), classes: 3);
        var tokens = reverse.Run(denoiser, Noise(Items), constraint).Where(step => step.IsLast).SelectMany(step => step.Tokens.Longs()).ToArray();
        tokens.Where((_, i) => i % 2 == 0).Should().OnlyContain(token => token == known);
        return Statistics.Counts(tokens.Where((_, i) => i % 2 == 1), 3);
    }

    /// <summary>The optimal denoiser of two tokens that depend on each other, from Gaussian states.</summary>
    private sealed class PairDenoiser(double[,] joint, int items) : IDenoiser
    {
        public Action<NoiseLevels>? Observe { get; init; }

        public ITokenSpace Space { get; } = new OneHotSpace(eye(3));

        public long Items => items;

        public long Tokens => 2;

        public Logits Predict(Tensor state, NoiseLevels levels, double guidance, Tensor? previous = null)
        {
            Observe?.Invoke(levels);
            var alphaBar = levels.State.unsqueeze(-1);
            var evidence = (alphaBar.sqrt() / alphaBar.SubtractedFrom(1)).to(float32) * state;
            var pairs = tensor(joint).to(float32).log().Plus(evidence.narrow(1, 0, 1).transpose(1, 2)).Plus(evidence.narrow(1, 1, 1)); // (B, a, b)
            return Logits.Of(stack([pairs.logsumexp(2), pairs.logsumexp(1)], 1));
        }
    }

    /// <summary>The optimal denoiser of the same tokens, from tokens that are visible or hidden.</summary>
    private sealed class MaskedPairDenoiser(double[,] joint, int items) : IDenoiser
    {
        public ITokenSpace Space { get; } = new MaskedSpace(zeros(1, 3));

        public long Items => items;

        public long Tokens => 2;

        public Logits Predict(Tensor state, NoiseLevels levels, double guidance, Tensor? previous = null)
        {
            var visible = nn.functional.one_hot(state, 4).to(float32); // (B, 2, 4), the last entry for a hidden token
            var fits = visible.narrow(-1, 0, 3).Plus(visible.narrow(-1, 3, 1));
            var pairs = tensor(joint).to(float32) * fits.narrow(1, 0, 1).transpose(1, 2) * fits.narrow(1, 1, 1);
            return Logits.Of(stack([pairs.sum(2), pairs.sum(1)], 1).log());
        }
    }
}
