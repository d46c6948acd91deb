using Tweedie.Diffusion;
using Tweedie.Models;
using Tweedie.Sampling;
using static TorchSharp.torch;
using static Tweedie.TensorArithmetic;

namespace Tweedie.Tests.Diffusion.Likelihood;

/// <summary>
/// Tests the bounds with the optimal denoiser of a known distribution. The excess of an item is its estimate minus its −log p, which is known; so what the rows
/// differ in does not blur the comparison.
/// </summary>
public sealed class LikelihoodLawTests
{
    private const int Items = 1_200;

    private static readonly MarkovChain Three = MarkovChain.Independent([0.6, 0.3, 0.1], 4);
    private static readonly MarkovChain Eight = MarkovChain.Independent([.. Enumerable.Repeat(1 / 8.0, 8)], 2);
    private static readonly MarkovChain Chain = MarkovChain.Random(5, 4, seed: 3);
    private static readonly MarkovChain Nine = MarkovChain.Random(9, 3, seed: 4);

    /// <summary>The mean excess over −log p, in nats per item, with its standard error.</summary>
    private sealed record Excess(double Mean, double Error, double Entropy, (double Start, double Path, double End) Terms);

    private static Excess Measure(DiffusionProcess process, MarkovChain chain, ITokenSpace space, LikelihoodOptions options, double blur = 0, int items = Items)
    {
        using var scope = NewDisposeScope();
        var rows = chain.Draw(items, seed: 11);
        var bound = process.Bound(options);
        using var terms = bound.Estimate(new ChainDenoiser(chain, space, items, blur), rows, new ItemNoise([.. Enumerable.Range(0, items).Select(item => options.Seed * items + item)], CPU));
        var estimate = new LikelihoodEstimate(bound.Draws);
        estimate.Add(terms);
        double[] excess = [.. estimate.Items.Zip(chain.Nats(rows), (nats, right) => nats - right)];
        var mean = excess.Average();
        return new(mean, Math.Sqrt(excess.Sum(one => Math.Pow(one - mean, 2)) / (items - 1) / items), chain.Exact(eye(chain.Classes)).Entropy, estimate.MeanTerms);
    }

    private static Excess OneHot(MarkovChain chain, NoiseSchedule schedule, int width, double scale = 1, LikelihoodOptions? options = null, bool embedded = false, double blur = 0, int items = Items)
    {
        using var weight = Weight(chain.Classes, width);
        using GaussianSpace space = embedded ? new EmbeddedSpace(weight, scale) : new OneHotSpace(weight, scale);
        return Measure(new OneHotDiffusion(new DiffusionOptions { Scale = scale }, schedule: schedule), chain, space, options ?? new(), blur, items);
    }

    // Where d is less than K, the entries lie on a curve, each apart from the others, and a matrix without zeros shears it.
    private static Tensor Weight(int classes, int width)
    {
        using var scope = NewDisposeScope();
        if (classes == width)
            return eye(classes).MoveToOuterDisposeScope();
        var angles = Counting(classes, float32).Times(2 * Math.PI / classes);
        var curve = stack([.. Enumerable.Range(0, width).Select(row => row % 2 == 0 ? angles.Times(row / 2 + 1).cos() : angles.Times(row / 2 + 1).sin())]);
        return matmul(eye(width).Plus(rand(width, width, generator: new Generator(5)).Times(0.4)), curve).MoveToOuterDisposeScope();
    }

    public static TheoryData<string, NoiseSchedule, int, double, bool> Chains => new()
    {
        { nameof(Three), NoiseSchedule.Cosine(1000), 3, 1, false },
        { nameof(Three), NoiseSchedule.LogSnrWindow(100, -7, 8), 3, 0.4, false },
        { nameof(Eight), NoiseSchedule.Cosine(1000), 3, 1, true },
        { nameof(Chain), NoiseSchedule.Linear(1000), 5, 0.5, false },
        { nameof(Chain), NoiseSchedule.Cosine(300), 2, 2, true },
        { nameof(Nine), NoiseSchedule.LogSnrWindow(200, -7, 9), 4, 1, true },
        { nameof(Nine), NoiseSchedule.LogSnrWindow(200, -7, 9), 4, 1, false },
    };

    private static MarkovChain Named(string name) => name switch { nameof(Three) => Three, nameof(Eight) => Eight, nameof(Chain) => Chain, _ => Nine };

    [Theory]
    [MemberData(nameof(Chains))]
    public void The_continuous_form_of_one_hot_diffusion_is_the_entropy(string name, NoiseSchedule schedule, int width, double scale, bool embedded)
    {
        var excess = OneHot(Named(name), schedule, width, scale, embedded: embedded);

        excess.Error.Should().BeLessThan(0.015 * excess.Entropy, "a test that sees nothing could not fail");
        excess.Mean.Should().BeApproximately(0, 4 * excess.Error + LowEnd(Named(name), schedule, width, scale));
    }

    // What is known of the tokens at the noisiest level, to first order: ½·SNR·‖E[v]‖².
    private static double LowEnd(MarkovChain chain, NoiseSchedule schedule, int width, double scale)
    {
        using var scope = NewDisposeScope();
        var weight = Weight(chain.Classes, width);
        var vectors = chain.Classes == width ? weight : linalg.solve_triangular(EmbeddedSpace.FactorOf(weight), weight, upper: false, left: true).t();
        var ratio = schedule.AlphaBar[^1] / (1 - schedule.AlphaBar[^1]) * scale * scale;
        return ratio / 2 * chain.Exact(vectors).SquaredMean;
    }

    [Fact]
    public void A_window_costs_what_its_ends_cost()
    {
        // Independent tokens lose nothing at the clean end: E[−log p̂] is all that is left to know. At the noisy end N(0, σ²·I) knows nothing of the tokens, and
        // the chain up to there would have cost ½∫ E‖e − ê‖² dSNR.
        var two = MarkovChain.Independent([0.7, 0.3], 4);
        const int parts = 200;
        var before = Enumerable.Range(0, parts).Average(part => SquaredError(0.7, (part + 0.5) / parts));

        var excess = OneHot(two, NoiseSchedule.LogSnrWindow(100, 0, 2), 2);

        excess.Mean.Should().BeApproximately(two.Length * (1 - before) / 2, 4 * excess.Error);
        excess.Mean.Should().BeGreaterThan(20 * excess.Error, "the cost of the noisy end is seen");
        excess.Terms.Start.Should().BeApproximately(two.Length / 2.0, 1e-9, "the divergence from N(0, σ²·I) is ½·SNR·‖e_k‖²");
        excess.Terms.End.Should().BeGreaterThan(0.15, "at log-SNR 2 something is left to know");
    }

    [Theory]
    [InlineData(null)]
    [InlineData(12)]
    public void A_window_of_a_schedule_is_the_chain_of_a_schedule_of_the_window(int? steps)
    {
        var narrow = NoiseSchedule.LogSnrWindow(41, -2, 2);
        var wide = NoiseSchedule.LogSnrWindow(101, -6, 4); // it has the narrow one's levels, and others beyond

        var window = OneHot(Chain, wide, 5, options: new() { Steps = steps, LogSnrMin = -2.01, LogSnrMax = 2.01 });
        var whole = OneHot(Chain, narrow, 5, options: new() { Steps = steps, Seed = 1 });

        window.Terms.Start.Should().BeApproximately(whole.Terms.Start, 1e-6);
        window.Terms.End.Should().BeApproximately(whole.Terms.End, 0.15).And.BeGreaterThan(0.5);
        window.Mean.Should().BeApproximately(whole.Mean, 4 * Math.Sqrt(Math.Pow(window.Error, 2) + Math.Pow(whole.Error, 2)));
    }

    [Fact]
    public void Levels_that_leave_no_doubt_cost_the_start_and_nothing_more()
    {
        // One level of the window: nothing lies between its ends.
        var alone = OneHot(Three, NoiseSchedule.LogSnrWindow(11, -5, 5), 3, options: new() { LogSnrMin = -0.1, LogSnrMax = 0.1 });
        alone.Terms.Path.Should().Be(0);
        alone.Terms.Start.Should().BeApproximately(Three.Length / 2.0, 1e-9);

        // At this height of the hot entry every level is clean.
        var clean = OneHot(Three, NoiseSchedule.LogSnrWindow(11, 2, 5), 3, scale: 100);
        clean.Terms.Path.Should().Be(0);
        clean.Terms.End.Should().BeApproximately(0, 1e-9);
        clean.Terms.Start.Should().BeApproximately(Three.Length * 1e4 * Math.Exp(2) / 2, 1);
    }

    // E‖e − ê‖² of one of two entries at an SNR: the log-odds of the right entry are ±log(p/(1−p)) + SNR + √(2·SNR)·z.
    private static double SquaredError(double prior, double snr)
    {
        const double step = 0.02;
        var total = 0.0;
        foreach (var (share, odds) in new[] { (prior, Math.Log(prior / (1 - prior))), (1 - prior, Math.Log((1 - prior) / prior)) })
            for (var z = -8.0; z <= 8; z += step)
                total += share * step * Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI) * 2 * Math.Pow(1 / (1 + Math.Exp(odds + snr + Math.Sqrt(2 * snr) * z)), 2);
        return total;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_discrete_form_costs_more_and_less_of_it_as_steps_double(bool embedded)
    {
        var schedule = NoiseSchedule.LogSnrWindow(1000, -7, 9);
        var excesses = new[] { 10, 20, 40, 80 }.Select(steps => OneHot(Chain, schedule, embedded ? 2 : 5, embedded ? 2 : 1, new() { Steps = steps }, embedded)).ToList();

        excesses.Should().AllSatisfy(excess => excess.Mean.Should().BeGreaterThan(4 * excess.Error));
        excesses.Zip(excesses.Skip(1)).Should().AllSatisfy(pair => pair.Second.Mean.Should().BeLessThan(0.75 * pair.First.Mean));
    }

    [Fact]
    public void One_step_costs_what_the_tokens_cost_without_each_other()
    {
        // From noise that tells nothing, each token is predicted by its own distribution.
        var excess = OneHot(Three, NoiseSchedule.Cosine(1000), 3, options: new() { Steps = 1 });

        excess.Mean.Should().BeApproximately(0, 4 * excess.Error + 1e-3);
        excess.Terms.Path.Should().Be(0);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(30)]
    public void Importance_and_uniform_levels_have_the_same_mean(int? steps)
    {
        var importance = OneHot(Chain, NoiseSchedule.Cosine(1000), 5, options: new() { Steps = steps, Proposal = LevelProposal.Importance, Seed = 1 });
        var uniform = OneHot(Chain, NoiseSchedule.Cosine(1000), 5, options: new() { Steps = steps, Proposal = LevelProposal.Uniform, Seed = 2 });

        importance.Mean.Should().BeApproximately(uniform.Mean, 4 * Math.Sqrt(Math.Pow(importance.Error, 2) + Math.Pow(uniform.Error, 2)));
        importance.Error.Should().BeLessThan(0.85 * uniform.Error);
    }

    [Fact]
    public void More_draws_narrow_the_estimate_and_do_not_move_it()
    {
        var few = OneHot(Chain, NoiseSchedule.Cosine(1000), 5, options: new() { Draws = 2, Seed = 1 });
        var many = OneHot(Chain, NoiseSchedule.Cosine(1000), 5, options: new() { Draws = 32, Seed = 2 });

        many.Error.Should().BeLessThan(few.Error / 2);
        many.Mean.Should().BeApproximately(few.Mean, 4 * few.Error + 4 * many.Error);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(3)]
    public void The_bound_of_masked_diffusion_is_the_entropy_or_above_it(int? steps)
    {
        using var space = new MaskedSpace(zeros(1, Chain.Classes));
        var excess = Measure(new MaskedDiffusion(), Chain, space, new() { Steps = steps });

        excess.Error.Should().BeLessThan(0.015 * excess.Entropy);
        if (steps is null)
            excess.Mean.Should().BeApproximately(0, 4 * excess.Error + Math.Pow(LogLinearMasking.Epsilon, 2) * 100);
        else
            excess.Mean.Should().BeGreaterThan(4 * excess.Error, "tokens that appear together do not know of each other");
    }

    [Fact]
    public void Masked_steps_cost_less_as_they_double_and_nothing_where_tokens_are_independent()
    {
        using var space = new MaskedSpace(zeros(1, Chain.Classes));
        var excesses = new[] { 1, 2, 4 }.Select(steps => Measure(new MaskedDiffusion(), Chain, space, new() { Steps = steps }).Mean).ToList();
        excesses.Should().BeInDescendingOrder();

        using var ofThree = new MaskedSpace(zeros(1, 3));
        var independent = Measure(new MaskedDiffusion(), Three, ofThree, new() { Steps = 1 });
        independent.Mean.Should().BeApproximately(0, 1e-5, "in one step all tokens are hidden, and each costs its own −log p");
        independent.Error.Should().BeLessThan(1e-5);
    }

    [Fact]
    public void The_ends_of_masked_diffusion_cost_about_a_thousandth_each()
    {
        using var space = new MaskedSpace(zeros(1, Chain.Classes));
        var excess = Measure(new MaskedDiffusion(), Chain, space, new());
        var alone = Measure(new MaskedDiffusion(), Chain, space, new() { Steps = 1 }); // all tokens cost what they cost without each other

        excess.Terms.Start.Should().BeApproximately(LogLinearMasking.Epsilon * (alone.Entropy + alone.Mean), 2e-4);
        excess.Terms.End.Should().BeInRange(0, 3 * LogLinearMasking.Epsilon * (alone.Entropy + alone.Mean));
    }

    [Fact]
    public void The_likelihood_of_an_autoregressive_model_is_exact()
    {
        using var space = new PrefixSpace(zeros(1, Chain.Classes));
        var excess = Measure(new AutoregressiveProcess(Chain.Length), Chain, space, new());

        excess.Mean.Should().BeApproximately(0, 1e-5);
        excess.Error.Should().BeLessThan(1e-6);
    }

    [Fact]
    public void A_blurred_denoiser_costs_more()
    {
        using var masked = new MaskedSpace(zeros(1, Chain.Classes));
        using var prefix = new PrefixSpace(zeros(1, Chain.Classes));
        foreach (var excess in new[]
        {
            OneHot(Chain, NoiseSchedule.LogSnrWindow(100, -7, 3), 5, blur: 0.5),
            Measure(new MaskedDiffusion(), Chain, masked, new(), blur: 0.5),
            Measure(new AutoregressiveProcess(Chain.Length), Chain, prefix, new(), blur: 0.5),
        })
            excess.Mean.Should().BeGreaterThan(0.1).And.BeGreaterThan(5 * excess.Error);
    }
}
