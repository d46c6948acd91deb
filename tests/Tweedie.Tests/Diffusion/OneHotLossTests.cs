using TorchSharp;
using Tweedie.Diffusion;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Tests.Diffusion;

public sealed class OneHotLossTests : IDisposable
{
    private const int Classes = 7;

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Logits _logits;
    private readonly Tensor _output;
    private readonly Tensor _tokens;
    private readonly Tensor _alphaBar = tensor(new[] { 0.9f, 0.5f, 0.2f, 0.01f });

    public OneHotLossTests()
    {
        using var generator = new Generator(5);
        _logits = new Logits(randn([4, 3, 5], float32, generator: generator),
            randn([Classes, 5], float32, generator: generator), randn([Classes], float32, generator: generator));
        _output = _logits.All();
        _tokens = randint(0, Classes, [4, 3], int64, generator: generator);
    }

    public void Dispose() => _scope.Dispose();

    private static OneHotDiffusion Process(PredictionKind prediction, bool coefficient, double smoothing, double scale) => new(
        new DiffusionOptions { Prediction = prediction, Scale = scale }, new ObjectiveOptions { Coefficient = coefficient, LabelSmoothing = smoothing });

    private static Corruption At(Tensor alphaBar, Tensor? noise = null) => new(new OneHotSpace(eye(Classes)), zeros(1), new NoiseLevels(alphaBar.unsqueeze(1), zeros(1, 1)), noise);

    // −log softmax of the token's entry, by the definition: (B, N).
    private Tensor CrossEntropy() => _output.exp().sum(-1).log() - _output.gather(-1, _tokens.unsqueeze(-1)).squeeze(-1);

    [Fact]
    public void Without_the_coefficient_it_is_plain_cross_entropy_summed_over_tokens() =>
        Process(PredictionKind.Logits, false, 0, 1).Loss(_logits, _tokens, At(_alphaBar))
            .ShouldBeWithin(1e-5, CrossEntropy().sum(1).mean());

    [Fact]
    public void The_coefficient_weights_each_item_by_its_signal() =>
        Process(PredictionKind.Logits, true, 0, 1).Loss(_logits, _tokens, At(_alphaBar))
            .ShouldBeWithin(1e-5, (CrossEntropy().sum(1) * _alphaBar).mean());

    [Fact]
    public void A_coefficient_of_one_at_every_item_changes_nothing() =>
        Process(PredictionKind.Logits, true, 0.1, 1).Loss(_logits, _tokens, At(ones(4)))
            .ShouldBeWithin(1e-6, Process(PredictionKind.Logits, false, 0.1, 1).Loss(_logits, _tokens, At(_alphaBar)));

    [Fact]
    public void Label_smoothing_mixes_the_target_with_the_uniform_distribution()
    {
        const double smoothing = 0.1;
        var uniform = -(_output - _output.exp().sum(-1, keepdim: true).log()).mean([-1]);
        var expected = CrossEntropy().Times(1 - smoothing).Plus(uniform.Times(smoothing)).sum(1).mean();

        Process(PredictionKind.Logits, false, smoothing, 1).Loss(_logits, _tokens, At(_alphaBar))
            .ShouldBeWithin(1e-5, expected);
    }

    [Fact]
    public void Noise_regression_is_the_mean_squared_error_of_the_noise()
    {
        var noise = randn([4, 3, Classes], float32, generator: new Generator(6));
        var objective = Process(PredictionKind.Noise, false, 0, 1);

        objective.Loss(_logits, _tokens, At(_alphaBar, noise))
            .ShouldBeWithin(1e-5, (_output - noise).Squared().mean([2]).sum(1).mean());
        objective.Loss(Logits.Of(noise), _tokens, At(_alphaBar, noise)).item<float>().Should().Be(0);
        objective.Invoking(it => it.Loss(_logits, _tokens, At(_alphaBar))).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Clean_regression_is_zero_at_the_scaled_one_hot_vector_only()
    {
        var objective = Process(PredictionKind.Clean, false, 0, 0.5);
        var clean = ForwardProcess.OneHot(_tokens, Classes).Times(0.5);

        objective.Loss(Logits.Of(clean), _tokens, At(_alphaBar)).item<float>().Should().Be(0);
        objective.Loss(Logits.Of(clean.Plus(2)), _tokens, At(_alphaBar)).item<float>().Should().BeApproximately(4 * 3, 1e-5f);
    }

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float32)]
    public void The_loss_is_single_precision_whatever_the_signals_precision(ScalarType precision) =>
        Process(PredictionKind.Logits, true, 0, 1)
            .Loss(new Logits(ones(4, 3, 5).bfloat16(), ones(Classes, 5).bfloat16(), ones(Classes).bfloat16()), _tokens, At(_alphaBar.to(precision))).dtype.Should().Be(ScalarType.Float32);
}
