using TorchSharp;
using Tweedie.Diffusion;
using Tweedie.Networks;
using Tweedie.Platform;
using Tweedie.Sampling;
using static TorchSharp.torch;
using static Tweedie.TensorArithmetic;

namespace Tweedie.Tests.Diffusion;

/// <summary>Compares the evidence of a state with the densities of the forward process, and the two spaces with each other.</summary>
public sealed class TokenEvidenceTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    private static Tensor Weight(int width, int classes) => randn([width, classes], float32, generator: new Generator(5)).Times(0.1);

    [Theory]
    [InlineData(1.0, 0.3)]
    [InlineData(0.5, 0.9)]
    public void In_all_dimensions_it_is_the_log_density_of_the_state(double scale, double alphaBar)
    {
        const int classes = 4;
        var space = new OneHotSpace(Weight(6, classes), scale);
        var state = randn([2, 3, classes], float32, generator: new Generator(1));
        var clean = eye(classes).Times(scale * Math.Sqrt(alphaBar)); // (k, dimensions)
        var density = (state.unsqueeze(2) - clean).Squared().sum(-1).Over(-2 * (1 - alphaBar));

        using var evidence = space.Evidence(state, Filled([1, 1], alphaBar, float64, CPU));

        nn.functional.log_softmax(evidence.All(), -1).ShouldBeWithin(1e-5, nn.functional.log_softmax(density, -1));
    }

    [Theory]
    [InlineData(1.0, 0.3)]
    [InlineData(1.0, 0.98)]
    [InlineData(0.5, 0.9)]
    public void Embedded_it_is_the_log_density_of_the_embedded_state_with_its_covariance(double scale, double alphaBar)
    {
        const int classes = 30, width = 5;
        var weight = Weight(width, classes);
        using var space = new EmbeddedSpace(weight, scale);
        var state = space.Corrupt(randint(classes, [2, 3], int64), Filled([1, 1], alphaBar, float64, CPU), new TorchNoise(CPU, new Generator(1)));
        var (exact, columns) = (weight.to(float64), weight.to(float64).t().Times(scale * Math.Sqrt(alphaBar)));
        var difference = state.to(float64).unsqueeze(2) - columns; // (B, N, K, d)
        var precision = linalg.inv(matmul(exact, exact.t())).Over(1 - alphaBar);
        var density = (matmul(difference, precision) * difference).sum(-1).Times(-0.5);

        using var evidence = space.Evidence(state, Filled([1, 1], alphaBar, float64, CPU));

        nn.functional.log_softmax(evidence.All().to(float64), -1).ShouldBeWithin(2e-3, nn.functional.log_softmax(density, -1));
    }

    [Fact]
    public void Both_spaces_read_the_same_state_alike()
    {
        const int classes = 30, width = 5;
        var weight = Weight(width, classes);
        using var dense = new OneHotSpace(weight);
        using var embedded = new EmbeddedSpace(weight);
        using var alphaBar = tensor(new[] { 0.2, 0.9, 0.999 }, [1, 3]);
        var state = dense.Corrupt(randint(classes, [2, 3], int64), alphaBar, new TorchNoise(CPU, new Generator(1)));

        using var ofDense = dense.Evidence(state, alphaBar);
        using var ofEmbedded = embedded.Evidence(dense.Embed(state, alphaBar), alphaBar);

        ofDense.All().ShouldBeWithin(1e-2, ofEmbedded.All());
    }

    [Fact]
    public void A_space_that_keeps_evidence_or_a_prior_is_not_used_for_other_weights()
    {
        const int classes = 12;
        var weight = Weight(5, classes);
        using var space = new OneHotSpace(weight);
        using var level = Filled([1, 1], 0.9, float64, CPU);
        space.Fits(weight).Should().BeTrue("nothing was computed from the weights yet");

        space.Evidence(randn(1, 1, classes), level).Dispose();

        space.Fits(weight).Should().BeFalse();
        using var counted = new OneHotSpace(weight, input: InputKind.Posterior, logPrior: zeros(1, classes));
        counted.Fits(weight).Should().BeFalse();
    }

    [Fact]
    public void A_clean_token_is_read_without_doubt_and_pure_noise_tells_nothing()
    {
        const int classes = 400;
        using var space = new EmbeddedSpace(Weight(40, classes));
        var tokens = randint(classes, [50, 4], int64, generator: new Generator(9));
        using Tensor clean = Filled([1, 1], 1 - 1e-9, float64, CPU), noise = Filled([1, 1], 1e-9, float64, CPU);

        using var read = space.Evidence(space.Corrupt(tokens, clean, new TorchNoise(CPU)), clean);
        using var blind = space.Evidence(space.Corrupt(tokens, noise, new TorchNoise(CPU)), noise);

        read.All().argmax(-1).ShouldEqual(tokens);
        read.ProbabilityOf(tokens).min().item<float>().Should().BeGreaterThan(0.999f);
        nn.functional.softmax(blind.All(), -1).ShouldBeWithin(1e-5, Filled([50, 4, classes], 1.0 / classes, float32, CPU));
    }

    [Fact]
    public void The_share_of_the_snr_that_an_embedding_keeps_is_d_of_K_on_average()
    {
        // Σ ‖L⁻¹w_k‖² = tr((WWᵀ)⁻¹·WWᵀ) = d, whatever W is.
        const int classes = 90, width = 8;
        var weight = Weight(width, classes).to(float64);
        var whitened = linalg.solve_triangular(linalg.cholesky(matmul(weight, weight.t())), weight, upper: false, left: true);

        (whitened.Squared().sum().item<double>() / classes).Should().BeApproximately((double)width / classes, 1e-9);
        TokenCode.Of(classes, width).Height.Should().BeApproximately(Math.Sqrt((double)width / classes), 1e-12);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_posterior_mean_weighs_the_columns_by_prior_and_density(bool gradients)
    {
        const int classes = 30, width = 5;
        var weight = Weight(width, classes);
        weight.requires_grad = gradients;
        using var mode = gradients ? enable_grad() : (IDisposable)no_grad();
        var prior = nn.functional.log_softmax(randn([3, classes], float32, generator: new Generator(8)), -1);
        using var space = new EmbeddedSpace(weight, input: InputKind.Posterior, logPrior: prior);
        using var level = Filled([1, 1], 0.97, float64, CPU);
        var state = space.Corrupt(randint(classes, [2, 3], int64), level, new TorchNoise(CPU, new Generator(2))).detach();
        using var evidence = space.Evidence(state, level);
        var shares = nn.functional.softmax(evidence.All().Plus(prior), -1);

        var mean = space.Embed(state, level);

        mean.ShouldBeWithin(1e-5, matmul(shares, weight.t()));
        if (gradients)
            autograd.grad([mean.sum()], [weight])[0].ShouldBeWithin(1e-4, shares.sum([0, 1]).expand(width, classes));
    }

    [Fact]
    public void Under_autocast_the_loss_has_evidence_in_single_precision()
    {
        Assert.SkipUnless(Autocast.IsSupported, "this platform has no autocast");
        const int classes = 60;
        using var space = new EmbeddedSpace(Weight(8, classes));
        var process = new OneHotDiffusion(new DiffusionOptions { Prediction = PredictionKind.Evidence });
        using var levels = NoiseLevels.Of(0.99, 5, CPU);
        var tokens = randint(classes, [200, 3], int64, generator: new Generator(1));
        var corruption = process.Corrupt(space, tokens, levels, new TorchNoise(CPU, new Generator(2)));
        var silent = new Logits(zeros(200, 3, 4), zeros(classes, 4), zeros(classes)); // all that counts is evidence
        var loss = process.Loss(silent, tokens, corruption);

        using (Autocast.Enter(CPU, ScalarType.BFloat16))
            process.Loss(silent, tokens, corruption).ShouldBeWithin(1e-5, loss);
    }

    [Fact]
    public void The_prior_is_what_was_counted_by_place_and_over_all_places()
    {
        using var embedding = new OneHotEmbedding(classes: 4, width: 3, places: 2);
        embedding.LogPrior()!.exp().ShouldBeWithin(1e-6, Filled([2, 4], 0.01 / 4, float32, CPU));

        embedding.Count(tensor(new long[,] { { 0, 1 }, { 0, 1 }, { 0, 2 }, { 3, 2 } }));
        using (no_grad())
            embedding.Count(tensor(new long[,] { { 1, 1 } })); // an evaluation counts nothing

        var prior = embedding.LogPrior()!.exp();
        prior[0].ShouldBeWithin(1e-6, tensor(new[] { 0.7f * 3 / 4 + 0.29f * 3 / 8 + 0.0025f, 0.29f * 2 / 8 + 0.0025f, 0.29f * 2 / 8 + 0.0025f, 0.7f / 4 + 0.29f / 8 + 0.0025f }));
        prior.sum(1).ShouldBeWithin(1e-6, ones(2));
    }

    [Fact]
    public void A_network_that_leaves_out_the_evidence_learns_from_the_full_scores()
    {
        const int classes = 20, width = 4;
        var weight = Weight(width, classes);
        using var space = new EmbeddedSpace(weight);
        var process = new OneHotDiffusion(new DiffusionOptions { Prediction = PredictionKind.Evidence }, new ObjectiveOptions { LabelSmoothing = 0.1 });
        var tokens = randint(classes, [3, 2], int64, generator: new Generator(4));
        using var levels = NoiseLevels.Of(0.99, 5, CPU);
        var corruption = process.Corrupt(space, tokens, levels, new TorchNoise(CPU, new Generator(3)));
        var (hidden, output, bias) = (randn([3, 2, 6], requires_grad: true), randn([classes, 6], requires_grad: true), randn([classes], requires_grad: true));
        using var evidence = space.Evidence(corruption.State, levels.State);
        var scores = nn.functional.linear(hidden, output, bias).Plus(evidence.All());
        var expected = nn.functional.cross_entropy(scores.flatten(0, 1), tokens.flatten(), reduction: nn.Reduction.Sum, label_smoothing: 0.1).Over(3);
        var gradients = autograd.grad([expected], [hidden, output, bias]);

        var loss = process.Loss(new Logits(hidden, output, bias), tokens, corruption);

        loss.ShouldBeWithin(1e-4, expected);
        foreach (var (actual, wanted) in autograd.grad([loss], [hidden, output, bias]).Zip(gradients))
            actual.ShouldBeWithin(1e-5, wanted);
    }
}
