using Tweedie.Diffusion;
using Tweedie.Models;
using Tweedie.Sampling;
using static TorchSharp.torch;
using static Tweedie.TensorArithmetic;

namespace Tweedie.Tests.Diffusion.Likelihood;

/// <summary>
/// Tests the bounds of tokens given known ones, with the optimal denoiser of a Markov chain: the mean excess over the −log p of the open tokens given the known ones,
/// which follows from the law of whole rows.
/// </summary>
public sealed class KnownTokensLawTests
{
    private const int Items = 1_000;

    private static readonly MarkovChain Chain = MarkovChain.Random(5, 4, seed: 3);
    private static readonly bool[] Known = [true, false, false, true];

    [Theory]
    [InlineData(5, false)]
    [InlineData(3, true)]
    public void The_continuous_form_of_one_hot_diffusion_is_the_conditional_entropy(int width, bool embedded)
    {
        using var scope = NewDisposeScope();
        var weight = width == 5 ? eye(5) : randn(width, 5, generator: new Generator(2));
        using GaussianSpace space = embedded ? new EmbeddedSpace(weight, 1) : new OneHotSpace(weight, 1);
        var process = new OneHotDiffusion(new DiffusionOptions { Known = new() }, schedule: NoiseSchedule.LogSnrWindow(200, -7, 9));

        var (mean, error, terms) = Excess(process, space);

        error.Should().BeLessThan(0.05);
        mean.Should().BeApproximately(0, 4 * error + 0.01);
        terms.Should().OnlyContain(row => row[0] == 0 && row[3] == 0 && row[1] != 0 && row[2] != 0);
    }

    [Fact]
    public void The_bound_of_masked_diffusion_is_the_conditional_entropy()
    {
        using var space = new MaskedSpace(zeros(1, 5));

        var (mean, error, terms) = Excess(new MaskedDiffusion(), space);

        error.Should().BeLessThan(0.05);
        mean.Should().BeApproximately(0, 4 * error + 1e-4);
        terms.Should().OnlyContain(row => row[0] == 0 && row[3] == 0);
    }

    [Fact]
    public void Tokens_that_write_themselves_in_order_see_what_stands_before_them_alone()
    {
        using var scope = NewDisposeScope();
        using var space = new PrefixSpace(zeros(1, 5));
        var process = new AutoregressiveProcess(Chain.Length);
        var rows = Chain.Draw(50, seed: 7);

        var whole = Estimate(process, space, rows, known: null).Tokens;
        var given = Estimate(process, space, rows, Mask(50)).Tokens;

        foreach (var (all, some) in whole.Zip(given))
            some.Should().Equal([0, all[1], all[2], 0]);
    }

    [Fact]
    public void A_network_that_has_not_seen_known_tokens_has_no_such_likelihood()
    {
        using var scope = NewDisposeScope();
        using var space = new OneHotSpace(eye(5), 1);

        FluentActions.Invoking(() => Estimate(new OneHotDiffusion(new DiffusionOptions()), space, Chain.Draw(2, seed: 1), Mask(2)))
            .Should().Throw<TweedieException>().WithMessage("*model.diffusion.known*");
    }

    private static (double Mean, double Error, IReadOnlyList<double[]> Tokens) Excess(DiffusionProcess process, ITokenSpace space)
    {
        using var scope = NewDisposeScope();
        var rows = Chain.Draw(Items, seed: 11);
        var estimate = Estimate(process, space, rows, Mask(Items));
        double[] excess = [.. estimate.Items.Zip(Conditional(rows), (nats, right) => nats - right)];
        var mean = excess.Average();
        return (mean, Math.Sqrt(excess.Sum(one => Math.Pow(one - mean, 2)) / (Items - 1) / Items), estimate.Tokens);
    }

    private static LikelihoodEstimate Estimate(DiffusionProcess process, ITokenSpace space, Tensor rows, Tensor? known)
    {
        var items = (int)rows.shape[0];
        var bound = process.Bound(new() { Draws = process is AutoregressiveProcess ? null : 64 });
        using var terms = bound.Estimate(new ChainDenoiser(Chain, space, items), rows, new ItemNoise([.. Enumerable.Range(0, items).Select(item => (long)item)], CPU), known);
        var estimate = new LikelihoodEstimate(bound.Draws);
        estimate.Add(terms, known);
        return estimate;
    }

    private static Tensor Mask(int items) => tensor(Known, [1, Known.Length]).expand(items, Known.Length).contiguous();

    // −log p of the open tokens given the known ones: that of the row, less that of its known tokens, which is a sum over all rows that share them.
    private static IEnumerable<double> Conditional(Tensor rows)
    {
        var places = Counting(Chain.Classes, int64);
        var all = cartesian_prod([.. Enumerable.Repeat(places, Chain.Length)]).contiguous();
        var (shared, nats) = (all.Longs().Chunk(Chain.Length).ToArray(), Chain.Nats(all));
        var ofKnown = shared.Zip(nats).GroupBy(pair => (pair.First[0], pair.First[3])).ToDictionary(group => group.Key, group => -Math.Log(group.Sum(pair => Math.Exp(-pair.Second))));
        return rows.Longs().Chunk(Chain.Length).Zip(Chain.Nats(rows), (row, whole) => whole - ofKnown[(row[0], row[3])]);
    }
}
