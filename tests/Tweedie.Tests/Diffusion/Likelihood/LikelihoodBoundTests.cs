using Tweedie.Diffusion;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Tests.Diffusion.Likelihood;

/// <summary>Tests what the bounds are computed from: the space, the passes of the network, the options.</summary>
public sealed class LikelihoodBoundTests
{
    private const int Classes = 9;
    private const int Width = 4;

    private static Tensor Weight() => randn(Width, Classes, generator: new Generator(5));

    [Fact]
    public void Dense_and_embedded_states_with_the_same_noise_have_the_same_terms()
    {
        using var scope = NewDisposeScope();
        var weight = Weight();
        var tokens = randint(0, Classes, [6, 3], generator: new Generator(2));
        var process = new OneHotDiffusion(new DiffusionOptions { Scale = 1.5 }, schedule: NoiseSchedule.LogSnrWindow(50, -4, 5));
        using var dense = new OneHotSpace(weight, 1.5);
        using var embedded = new EmbeddedSpace(weight, 1.5);
        var noise = new ItemNoise([1, 2, 3, 4, 5, 6], CPU);

        var first = process.Bound(new()).Estimate(new Reader(dense, 6, 3), tokens, noise);
        var second = process.Bound(new()).Estimate(new Reader(embedded, 6, 3), tokens, new Embedding(noise, weight));

        first.Start.ShouldBeWithin(1e-4, second.Start);
        first.End.ShouldBeWithin(1e-3, second.End);
        first.Path.ShouldBeWithin(2e-3, second.Path);
        first.Path.std().item<double>().Should().BeGreaterThan(0.1);
    }

    [Fact]
    public void A_network_that_takes_its_own_prediction_gets_that_of_the_same_state()
    {
        using var scope = NewDisposeScope();
        var denoiser = new TwoPasses(4, 2);
        var tokens = randint(0, 3, [4, 2], generator: new Generator(2));

        new OneHotDiffusion(new DiffusionOptions()).Bound(new() { Draws = 3 }).Estimate(denoiser, tokens, new ItemNoise([1, 2, 3, 4], CPU));

        denoiser.Seen.Should().HaveCount(2 * (3 + 1));
        foreach (var pair in denoiser.Seen.Chunk(2))
        {
            pair[0].Previous.Should().BeNull();
            pair[1].State.ShouldEqual(pair[0].State);
            pair[1].Told.ShouldEqual(pair[0].Told);
            pair[1].Previous!.ShouldBeWithin(1e-6, nn.functional.softmax(pair[0].State.Times(2), -1));
        }
        denoiser.Seen[2].State.ShouldNotEqual(denoiser.Seen[0].State);
    }

    [Fact]
    public void A_token_that_the_network_rules_out_costs_much_and_not_infinity()
    {
        using var scope = NewDisposeScope();
        using var logits = Logits.Of(tensor(new float[] { 0, -500, 3 }, [1, 1, 3]));

        logits.NatsOf(tensor(new long[] { 1 }, [1, 1])).item<double>().Should().BeApproximately(503.05, 0.01);
        logits.ProbabilityOf(tensor(new long[] { 1 }, [1, 1])).item<float>().Should().Be(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Cells_give_the_integral_whatever_their_probabilities_are(bool areSteps)
    {
        double[] edges = [1, 2, 4, 9];
        double[] levels = [1, 2, 4];
        var cells = new LevelCells(edges, [5, 1, 2], areSteps);
        const int count = 80_000;

        var mean = Enumerable.Range(0, count).Average(i => cells.Draw((i + 0.5) / count) is var (at, weight) ? at * at * weight : 0);

        var expected = areSteps ? levels.Select((level, i) => level * level * (edges[i + 1] - edges[i])).Sum() : (9 * 9 * 9 - 1) / 3.0;
        mean.Should().BeApproximately(expected, 1e-3 * expected);
        new[] { 0, 1 }.Select(share => cells.Draw(share).At).Should().Equal(areSteps ? [1, 4] : [1, 9]);
    }

    public static TheoryData<DiffusionProcess, LikelihoodOptions, string> Mistakes => new()
    {
        { new OneHotDiffusion(new() { Prediction = PredictionKind.Noise }), new(), "*prediction = noise*logits or evidence*" },
        { new OneHotDiffusion(new() { Prediction = PredictionKind.Clean }), new(), "*prediction = clean*logits or evidence*" },
        { new OneHotDiffusion(new() { Timesteps = 50 }), new() { Steps = 51 }, "*Steps = 51*at most 50*" },
        { new OneHotDiffusion(new() { Schedule = ScheduleKind.LogSnr, Timesteps = 11, LogSnrMin = -5, LogSnrMax = 5 }), new() { Steps = 4, LogSnrMin = -1.1, LogSnrMax = 1.1 }, "*Steps = 4*window's 3*" },
        { new MaskedDiffusion(), new() { Proposal = LevelProposal.Importance }, "*Proposal = importance*leave it out*" },
        { new AutoregressiveProcess(4), new() { Proposal = LevelProposal.Uniform }, "*Proposal = uniform*exact*" },
        { new OneHotDiffusion(new()), new() { LogSnrMin = 20 }, "*no timestep lies in this window*" },
        { new MaskedDiffusion(), new() { LogSnrMax = 4.5 }, "*LogSnrMax = 4.5*leave it out*" },
        { new AutoregressiveProcess(4), new() { LogSnrMin = -3 }, "*LogSnrMin = -3*exact*" },
        { new AutoregressiveProcess(4), new() { Steps = 4 }, "*Steps = 4*exact*" },
        { new AutoregressiveProcess(4), new() { Draws = 4 }, "*Draws = 4*exact*" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Options_and_networks_that_have_no_likelihood_are_refused(DiffusionProcess process, LikelihoodOptions options, string message) =>
        FluentActions.Invoking(() => process.Bound(options)).Should().Throw<TweedieException>().WithMessage(message);

    [Fact]
    public void No_draws_and_no_steps_are_refused()
    {
        foreach (var process in new DiffusionProcess[] { new OneHotDiffusion(new()), new MaskedDiffusion() })
            foreach (var options in new LikelihoodOptions[] { new() { Draws = 0 }, new() { Steps = 0 } })
                FluentActions.Invoking(() => process.Bound(options)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Tokens_and_spaces_that_do_not_belong_together_are_refused()
    {
        using var scope = NewDisposeScope();
        using var space = new OneHotSpace(eye(3));
        var denoiser = new Reader(space, 2, 3);
        foreach (var process in new DiffusionProcess[] { new MaskedDiffusion(), new AutoregressiveProcess(3) })
            FluentActions.Invoking(() => process.Bound(new()).Estimate(denoiser, zeros(2, 3, int64), new TorchNoise(CPU))).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => new OneHotDiffusion(new()).Bound(new()).Estimate(denoiser, zeros(2, 4, int64), new TorchNoise(CPU))).Should().Throw<ArgumentException>();
    }

    /// <summary>A network that sees of a state what its space embeds.</summary>
    private sealed class Reader(GaussianSpace space, int items, int tokens) : IDenoiser
    {
        public ITokenSpace Space => space;

        public long Items => items;

        public long Tokens => tokens;

        public Logits Predict(Tensor state, NoiseLevels levels, double guidance, Tensor? previous = null)
        {
            var embedded = space.Embed(state, levels.State);
            return Logits.Of(matmul(embedded, randn(embedded.shape[^1], space.Code.Classes, generator: new Generator(7))).Plus(levels.Told.unsqueeze(-1).Over(100)));
        }
    }

    private sealed class TwoPasses(int items, int tokens) : IDenoiser
    {
        public List<(Tensor State, Tensor Told, Tensor? Previous)> Seen { get; } = [];

        public ITokenSpace Space { get; } = new OneHotSpace(eye(3));

        public long Items => items;

        public long Tokens => tokens;

        public bool TakesPrevious => true;

        public Logits Predict(Tensor state, NoiseLevels levels, double guidance, Tensor? previous = null)
        {
            Seen.Add((state.clone().DetachFromDisposeScope(), levels.Told.clone().DetachFromDisposeScope(), previous?.clone().DetachFromDisposeScope()));
            return Logits.Of(state.Times(2));
        }
    }

    /// <summary>The noise of K dimensions as embedded states take it: z = L⁻¹W·ε.</summary>
    private sealed class Embedding(INoiseSource inner, Tensor weight) : INoiseSource
    {
        public Device Device => inner.Device;

        public Tensor Normal(NoisePurpose purpose, long items, long tokens, long dimensions)
        {
            var embedded = matmul(inner.Normal(purpose, items, tokens, weight.shape[1]), weight.t()).flatten(0, 1).t();
            return linalg.solve_triangular(EmbeddedSpace.FactorOf(weight), embedded, upper: false, left: true).t().reshape(items, tokens, dimensions);
        }

        public Tensor Uniform(NoisePurpose purpose, long items, long tokens, long dimensions) => inner.Uniform(purpose, items, tokens, dimensions);

        public Tensor Uniform(NoisePurpose purpose, Tensor picked, long dimensions) => inner.Uniform(purpose, picked, dimensions);

        public INoiseSource ForStep(int index) => new Embedding(inner.ForStep(index), weight);
    }
}
