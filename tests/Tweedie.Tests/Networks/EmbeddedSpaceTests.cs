using TorchSharp;
using Tweedie.Diffusion;
using Tweedie.Sampling;
using static TorchSharp.torch;
using static Tweedie.TensorArithmetic;

namespace Tweedie.Tests.Networks;

/// <summary>
/// Compares the embedded space with the one-hot space, its oracle: W·y_t has the same mean and covariance, and a loss of it has the same mean
/// gradient. Bounds are 6 standard errors, which a right sampler exceeds about once in a hundred million entries.
/// </summary>
public sealed class EmbeddedSpaceTests : IDisposable
{
    private const int Draws = 20_000;

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Generator _generator = new(17);

    public void Dispose()
    {
        _scope.Dispose();
        _generator.Dispose();
    }

    public static TheoryData<int, int, double, ScalarType> Cases => new()
    {
        { 40, 6, 0.5, ScalarType.Float32 },
        { 40, 6, 0.99, ScalarType.Float32 },
        { 40, 6, 0.01, ScalarType.BFloat16 },
        { 12, 12, 0.5, ScalarType.Float32 },
        { 700, 24, 0.3, ScalarType.Float32 },
        { 700, 24, 0.3, ScalarType.BFloat16 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Corrupted_tokens_have_the_mean_and_covariance_of_the_embedded_one_hot_vectors(int classes, int width, double alphaBar, ScalarType precision)
    {
        var weight = Weight(classes, width).to(precision);
        var (state, token) = Corrupt(new EmbeddedSpace(weight), classes, alphaBar);

        var values = weight.to(float64);
        var mean = values.index_select(1, token).squeeze(1).Times(Math.Sqrt(alphaBar));
        var covariance = values.matmul(values.t()).Times(1 - alphaBar);
        var variances = covariance.diag();
        var centred = state - mean;
        var estimate = centred.t().matmul(centred).Over(Draws);
        // Var(x_i·x_j) = Σii·Σjj + Σij² for Gaussians
        var error = (variances.unsqueeze(0) * variances.unsqueeze(1)).Plus(covariance.Squared()).sqrt().Over(Math.Sqrt(Draws));

        (centred.mean([0]).abs() / variances.Over(Draws).sqrt()).max().item<double>().Should().BeLessThan(6);
        ((estimate - covariance).abs() / error).max().item<double>().Should().BeLessThan(6);
    }

    [Fact]
    public void The_test_of_moments_would_find_noise_one_part_in_ten_too_strong()
    {
        var weight = Weight(40, 6);

        FluentActions.Invoking(() =>
        {
            var noise = new EmbeddedSpace(weight).Noise(Draws, 1, Noise).squeeze(1).to(float64).Times(1.1);
            var variances = weight.to(float64).Squared().sum([1]);
            ((noise.Squared().mean([0]) - variances).abs() / variances.Times(Math.Sqrt(2.0 / Draws))).max().item<double>().Should().BeLessThan(6);
        }).Should().Throw<Exception>();
    }

    // The gradient of a smooth, nonlinear loss with respect to W, draw by draw: means agree, and the embedded path's variance is not larger.
    [Theory]
    [InlineData(30, 5, 0.5)]
    [InlineData(30, 5, 0.05)]
    [InlineData(300, 8, 0.5)]
    public void The_mean_gradient_is_that_of_the_one_hot_space_at_no_more_variance(int classes, int width, double alphaBar)
    {
        const int draws = 2000;
        var weight = Weight(classes, width).requires_grad_();
        var direction = randn([width], float32, generator: _generator);
        var tokens = randint(0, classes, [4, 2], int64, generator: _generator);

        (Tensor Mean, Tensor Variance) Gradients(Func<GaussianSpace> create)
        {
            var (sum, squares) = (zeros(weight.shape, float64), zeros(weight.shape, float64));
            for (var draw = 0; draw < draws; draw++)
            {
                using var scope = NewDisposeScope();
                using var space = create();
                var state = ForwardProcess.Corrupt(space.Clean(tokens), space.Noise(4, 2, Noise), Filled([4, 1], alphaBar, float64, CPU));
                var loss = space.Embed(state, ones(1, 1, float64)).matmul(direction).sin().Plus(space.Embed(state, ones(1, 1, float64)).Squared().sum(-1)).sum();
                var gradient = autograd.grad([loss], [weight])[0].to(float64);
                sum.Increase(gradient);
                squares.Increase(gradient.Squared());
            }
            var mean = sum.Over(draws);
            return (mean, squares.Over(draws) - mean.Squared());
        }

        var (expected, denseVariance) = Gradients(() => new OneHotSpace(weight));
        var (mean, variance) = Gradients(() => new EmbeddedSpace(weight));

        ((mean - expected).abs() / variance.Plus(denseVariance).Over(draws).sqrt()).max().item<double>().Should().BeLessThan(6);
        expected.abs().max().item<double>().Should().BeGreaterThan(10 * denseVariance.Over(draws).sqrt().max().item<double>(), "else the test says nothing");
        variance.sum().item<double>().Should().BeLessThan(denseVariance.sum().item<double>());
    }

    [Fact]
    public void Weights_of_lower_rank_than_their_width_are_factored_with_a_larger_jitter()
    {
        var weight = Weight(500, 3);
        var doubled = cat([weight, weight.Times(100)], 0);

        var noise = new EmbeddedSpace(doubled).Noise(1000, 1, Noise).squeeze(1);

        noise.isfinite().all().item<bool>().Should().BeTrue();
        // the two halves are the same noise, but for the jitter
        ((noise.narrow(1, 3, 3) - noise.narrow(1, 0, 3).Times(100)).norm() / noise.norm()).item<float>().Should().BeLessThan(0.2f);
    }

    [Fact]
    public void A_space_knows_whether_the_weights_are_still_its_own()
    {
        var weight = Weight(40, 6);
        using var noGrad = no_grad();
        using var space = new EmbeddedSpace(weight);

        space.Fits(weight).Should().BeTrue();
        weight[2, 3] = weight[2, 3].Plus(1e-3);
        space.Fits(weight).Should().BeFalse();
    }

    [Theory]
    [InlineData(PredictionKind.Logits, 1000, 100, long.MaxValue, true)]
    [InlineData(PredictionKind.Clean, 1000, 100, 200, true)]
    [InlineData(PredictionKind.Logits, 1000, 100, 199, false)]
    [InlineData(PredictionKind.Noise, 1000, 100, long.MaxValue, false)]
    [InlineData(PredictionKind.Logits, 399, 100, long.MaxValue, false)]
    public void The_space_follows_from_the_sizes_and_what_is_predicted(PredictionKind prediction, int classes, int width, long tokens, bool embedded)
    {
        using var weight = zeros(width, classes);

        using var space = new OneHotDiffusion(new DiffusionOptions { Prediction = prediction }).CreateSpace(weight, tokens);

        (space is EmbeddedSpace).Should().Be(embedded);
    }

    private TorchNoise Noise => new(CPU, _generator);

    private Tensor Weight(int classes, int width) => randn([width, classes], float32, generator: _generator).Over(Math.Sqrt(classes));

    private (Tensor State, Tensor Token) Corrupt(EmbeddedSpace space, int classes, double alphaBar)
    {
        var token = randint(0, classes, [1], int64, generator: _generator);
        var clean = space.Clean(token.expand(Draws, 1));
        var state = ForwardProcess.Corrupt(clean, space.Noise(Draws, 1, Noise), Filled([Draws, 1], alphaBar, float64, CPU));
        return (space.Embed(state, ones(1, 1, float64)).squeeze(1).to(float64), token);
    }
}
