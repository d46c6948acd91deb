using TorchSharp;
using Tweedie.Diffusion;
using Tweedie.Networks;
using Tweedie.Sampling;
using static TorchSharp.torch;
using static Tweedie.TensorArithmetic;

namespace Tweedie.Tests.Networks;

public sealed class ConditionedDenoiserTests : IDisposable
{
    private const int Classes = 9;
    private const int Items = 4;
    private const int Tokens = 2;
    private const int ConditionWidth = 10;
    private static readonly NoiseSchedule Schedule = NoiseSchedule.Cosine(1000);

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Denoiser _network = new(
        new DenoiserOptions { Width = 12, Depth = 2, Heads = 3 }, Classes, Tokens, ConditionWidth);
    private readonly Tensor _condition;

    public ConditionedDenoiserTests()
    {
        using var generator = new Generator(2);
        _condition = randn([Items, 3, ConditionWidth], float32, generator: generator);
        using var noGrad = no_grad();
        foreach (var parameter in _network.parameters())
            parameter.Increase(randn(parameter.shape, float32, generator: generator).Times(0.2));
    }

    public void Dispose()
    {
        _network.Dispose();
        _scope.Dispose();
    }

    private OneHotSpace OneHot => new(_network.Embedding.Weight);

    private ConditionedDenoiser Bind(int draws = 1) => new(_network, _condition, OneHot, draws);

    private static NoiseLevels At(int timestep) => new OneHotDiffusion(new DiffusionOptions()).Levels(Schedule.Level(timestep), CPU);

    private Tensor Outputs(Tensor state, int timestep, Tensor conditionTokens) => _network.Project(_network.Hidden(
        OneHot.Embed(state, ones(1, 1, float64)), Filled([1, 1], timestep, int64, CPU), _network.Prepare(conditionTokens))).All();

    [Fact]
    public void Without_guidance_it_predicts_what_the_network_gives_for_the_condition()
    {
        using var denoiser = Bind();
        var state = randn(Items, Tokens, Classes);

        denoiser.Predict(state, At(500), 1).All().ShouldBeWithin(1e-5, Outputs(state, 500, _condition));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.5)]
    [InlineData(4.0)]
    public void Guiding_the_hidden_state_equals_guiding_the_logits(double scale)
    {
        using var denoiser = Bind();
        var state = randn(Items, Tokens, Classes);
        var (conditional, unconditional) = (Outputs(state, 300, _condition), Outputs(state, 300, _network.DropCondition(_condition, 1)));

        denoiser.Predict(state, At(300), scale).All()
            .ShouldBeWithin(1e-4, unconditional.Plus(conditional - unconditional, scale));
        (conditional - unconditional).abs().max().item<float>().Should().BeGreaterThan(1e-2f);
    }

    [Fact]
    public void One_null_token_stands_for_all_of_them()
    {
        using var denoiser = Bind();
        var state = randn(Items, Tokens, Classes);

        // At scale 0 the prediction is the unconditional one.
        denoiser.Predict(state, At(300), 0).All().ShouldBeWithin(1e-5, Outputs(state, 300, _network.DropCondition(_condition, 1)));
    }

    [Fact]
    public void Draws_of_an_item_lie_side_by_side_and_share_its_condition()
    {
        using var denoiser = Bind(draws: 3);
        using var single = Bind();
        var states = randn(Items * 3, Tokens, Classes);

        var together = denoiser.Predict(states, At(300), 2).All().view(Items, 3, Tokens, Classes);

        for (var draw = 0; draw < 3; draw++)
            together.select(1, draw).ShouldBeWithin(1e-5, single.Predict(states.view(Items, 3, Tokens, Classes).select(1, draw), At(300), 2).All());
        denoiser.Items.Should().Be(Items * 3);
    }

    [Fact]
    public void In_the_embedded_space_it_predicts_what_it_predicts_for_the_one_hot_vectors()
    {
        using var dense = Bind();
        using var space = new EmbeddedSpace(_network.Embedding.Weight);
        using var embedded = new ConditionedDenoiser(_network, _condition, space);
        var state = randn(Items, Tokens, Classes);

        embedded.Predict(OneHot.Embed(state, ones(1, 1, float64)), At(300), 2).All()
            .ShouldBeWithin(1e-5, dense.Predict(state, At(300), 2).All());
        embedded.Space.Prior(Items, Tokens, zeros(1, 1, float64), new TorchNoise(CPU)).shape.Should().Equal(Items, Tokens, 12);
    }

    [Fact]
    public void With_weights_in_bfloat16_it_predicts_nearly_the_same()
    {
        var states = randn(Items, Tokens, Classes);
        Tensor expected;
        using (var single = Bind())
            expected = single.Predict(states, At(300), 2).Probabilities();
        _network.to(ScalarType.BFloat16);

        using var half = Bind();
        var probabilities = half.Predict(states, At(300), 2).Probabilities();

        probabilities.dtype.Should().Be(ScalarType.Float32);
        probabilities.ShouldBeWithin(0.05, expected);
        probabilities.ShouldNotEqual(expected);
    }

    [Fact]
    public void Predictions_need_no_gradient()
    {
        using var denoiser = Bind();

        denoiser.Predict(randn(Items, Tokens, Classes), At(300), 2).Probabilities().requires_grad.Should().BeFalse();
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.4)]
    public void Corrupted_tokens_have_the_mean_and_variance_of_the_forward_process(double scale)
    {
        const int draws = 4000;
        const double alphaBar = 0.36;
        using var space = new OneHotSpace(_network.Embedding.Weight, scale);
        var noise = new TorchNoise(CPU, new Generator(5));
        var tokens = tensor(new long[] { 0, 1, 2, 3, 4, 5, 6, 7 }).view(Items, Tokens);

        var states = stack(Enumerable.Range(0, draws).Select(_ => space.Corrupt(tokens, Filled([1, 1], alphaBar, float64, CPU), noise)));

        // 72 entries each; 6 standard errors of a mean and of a variance.
        states.mean([0]).ShouldBeWithin(6 * Math.Sqrt((1 - alphaBar) / draws), ForwardProcess.OneHot(tokens, Classes).Times(scale * 0.6));
        states.var([0]).ShouldBeWithin(
            6 * (1 - alphaBar) * Math.Sqrt(2.0 / draws), Filled([Items, Tokens, Classes], 1 - alphaBar, float32, CPU));
    }

    [Fact]
    public void Noise_is_standard_normal_and_follows_the_generator()
    {
        var noise = new TorchNoise(CPU, new Generator(6));
        var states = stack(Enumerable.Range(0, 1000).Select(_ => OneHot.Prior(Items, Tokens, zeros(1, 1, float64), noise)));

        states.shape.Should().Equal(1000, Items, Tokens, Classes);
        states.mean().item<float>().Should().BeApproximately(0, (float)(6 / Math.Sqrt(states.numel())));
        states.var().item<float>().Should().BeApproximately(1, (float)(6 * Math.Sqrt(2.0 / states.numel())));
        OneHot.Prior(Items, Tokens, zeros(1, 1, float64), new TorchNoise(CPU, new Generator(6))).ShouldEqual(states[0]);
    }

    [Theory]
    [InlineData(0, 1.0)]
    [InlineData(500, 1.0)]
    [InlineData(500, 0.3)]
    [InlineData(999, 1.0)]
    public void Noise_regression_recovers_the_clean_vectors_when_fed_the_true_noise(int timestep, double scale)
    {
        // A network without weights whose output bias is the noise predicts the true noise for every token.
        var noise = randn([Classes], float32, generator: new Generator(8));
        using (no_grad())
        {
            var state = _network.state_dict();
            state["head.weight"].zero_();
            state["head.bias"].copy_(noise);
        }
        using var denoiser = Bind();
        var process = new OneHotDiffusion(new DiffusionOptions { Prediction = PredictionKind.Noise, Scale = scale });
        var clean = ForwardProcess.OneHot(tensor(new long[] { 0, 1, 2, 3, 4, 5, 6, 7 }).view(Items, Tokens), Classes);
        var alphaBar = Schedule.AlphaBar[timestep];
        var noisy = ForwardProcess.Corrupt(clean, noise.expand_as(clean), Filled([1, 1], alphaBar, float64, CPU), scale);

        // Inverting divides single-precision rounding errors by s·√ᾱ.
        process.Scores(denoiser.Predict(noisy, At(timestep), 1), denoiser.Space, noisy, At(timestep)).All().ShouldBeWithin(1e-6 / (scale * Math.Sqrt(alphaBar)), clean);
    }

    [Fact]
    public void The_reverse_process_reaches_the_clean_tokens_that_the_network_knows()
    {
        using (no_grad())
        {
            var state = _network.state_dict();
            state["head.weight"].zero_();
            state["head.bias"].copy_(-Counting(Classes, float32).Plus(-3).abs()); // class 3 everywhere
        }
        using var denoiser = Bind();
        var process = new OneHotDiffusion(new DiffusionOptions()).Reverse(new SamplingOptions { Steps = 5, Guidance = 2 });

        foreach (var step in process.Run(denoiser, new TorchNoise(CPU, new Generator(9))))
            step.Tokens.ShouldEqual(Filled([Items, Tokens], 3, int64, CPU));
    }

    [Fact]
    public void Binding_outlives_the_scope_in_which_it_was_made_and_disposes_of_what_it_holds()
    {
        LiveTensors.LeftBy(() =>
        {
            using var outer = NewDisposeScope();
            ConditionedDenoiser denoiser;
            using (NewDisposeScope())
                denoiser = Bind();
            using (denoiser)
            {
                using (NewDisposeScope())
                    _ = denoiser.Predict(zeros(Items, Tokens, Classes), At(10), 2);
                using (NewDisposeScope())
                    denoiser.Predict(zeros(Items, Tokens, Classes), At(10), 2).All().isfinite().all().item<bool>().Should().BeTrue();
            }
        }).Should().Be(0);
    }
}
