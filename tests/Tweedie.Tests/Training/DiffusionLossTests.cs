using TorchSharp;
using Tweedie.Diffusion;
using Tweedie.Networks;
using Tweedie.Sampling;
using Tweedie.Training;
using static TorchSharp.torch;
using static Tweedie.TensorArithmetic;
using AdamW = Tweedie.Training.AdamW;

namespace Tweedie.Tests.Training;

[Collection(GlobalState.Name)]
public sealed class DiffusionLossTests : IDisposable
{
    private const int Classes = 5;
    private const long Seed = 11;

    private static readonly DiffusionOptions _diffusion = new() { Timesteps = 100 };
    private static readonly TrainingOptions _training = new()
    { Reuse = 1, Coefficient = true, LabelSmoothing = 0, ConditionDropout = 0 };

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Denoiser _denoiser;
    private readonly Tensor _labels = tensor(new long[,] { { 0 }, { 3 }, { 4 }, { 1 } });
    private readonly Tensor _condition;

    public DiffusionLossTests()
    {
        manual_seed(Seed);
        _denoiser = new Denoiser(TinyRun.Denoiser, Classes, tokens: 1, conditionWidth: 8);
        _condition = randn(4, 2, 8);
        _condition.requires_grad = true;
    }

    public void Dispose()
    {
        _scope.Dispose();
        _denoiser.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Reusing_features_equals_repeating_the_images(int copies)
    {
        var loss = Loss(_training with { Reuse = copies });

        manual_seed(Seed);
        var schedule = NoiseSchedule.Create(_diffusion);
        var timesteps = new TimestepSampler(TimeDensity.Create(TimestepDistribution.Uniform, schedule)).Draw(4, copies, 1, CPU);
        var noise = randn(4 * copies, 1, Classes);
        var labels = _labels.repeat_interleave(copies, 0);
        var signal = tensor(timesteps.Longs().Select(t => schedule.AlphaBar[(int)t]).ToArray());
        var noisy = (signal.sqrt().view(-1, 1, 1) * nn.functional.one_hot(labels, Classes)).Plus(signal.SubtractedFrom(1).sqrt().view(-1, 1, 1) * noise);
        var context = _denoiser.Prepare(_condition.repeat_interleave(copies, 0));
        var embedded = new OneHotSpace(_denoiser.Embedding.Weight).Embed(noisy.to(float32), ones(1, 1, float64));
        var logits = _denoiser.Project(_denoiser.Hidden(embedded, timesteps, context)).All();
        var crossEntropy = -nn.functional.log_softmax(logits, -1).gather(-1, labels.unsqueeze(-1)).flatten();
        loss.ShouldBeWithin(1e-6, (signal * crossEntropy).mean().to(float32));
    }

    [Fact]
    public void Own_states_are_made_of_what_the_network_takes_a_noisier_state_for()
    {
        using (no_grad())
            _denoiser.get_parameter("head.bias")![3] = tensor(100f); // whatever the state, the network says 3
        foreach (var (share, expected) in new[] { (0.0, 0.0), (0.5, 0.5), (1.0, 1.0) })
        {
            var process = new RecordingProcess();
            new DiffusionLoss(process, ownStates: share).Compute(_denoiser, _condition.narrow(0, 0, 1).expand(400, -1, -1), zeros([400, 1], int64)).Dispose();

            process.Corrupted[^1].Is(3).to(float32).mean().item<float>().Should().BeApproximately((float)expected, 0.15f);
            if (share > 0)
                process.Drawn[0].Told.ShouldEqual(minimum(process.Drawn[1].Told.Plus(50), tensor(999f)));
        }
    }

    /// <summary>Keeps the tokens that are corrupted, and their levels.</summary>
    private sealed class RecordingProcess : DiffusionProcess
    {
        private readonly OneHotDiffusion _inner = new(new DiffusionOptions());

        public List<Tensor> Corrupted { get; } = [];

        public List<NoiseLevels> Drawn { get; } = [];

        public override ITokenSpace CreateSpace(Tensor weight, long tokens = long.MaxValue, Tensor? logPrior = null) => _inner.CreateSpace(weight, tokens, logPrior);

        public override NoiseLevels DrawLevels(int items, int copies, int tokens, Device device) => _inner.DrawLevels(items, copies, tokens, device);

        public override NoiseLevels StepBefore(NoiseLevels levels) => _inner.StepBefore(levels);

        public override Corruption Corrupt(ITokenSpace space, Tensor tokens, NoiseLevels levels, INoiseSource noise)
        {
            Corrupted.Add(tokens.clone().DetachFromDisposeScope());
            Drawn.Add(new(levels.State.clone().DetachFromDisposeScope(), levels.Told.clone().DetachFromDisposeScope()));
            return _inner.Corrupt(space, tokens, levels, noise);
        }

        public override Tensor Loss(Logits output, Tensor tokens, Corruption corruption, Tensor? tokenWeights = null) => _inner.Loss(output, tokens, corruption, tokenWeights);

        public override NoiseLevels Levels(NoiseLevel level, Device device) => _inner.Levels(level, device);

        public override IReverseProcess Reverse(SamplingOptions options, long? endToken = null, long? paddingToken = null) => _inner.Reverse(options, endToken, paddingToken);
    }

    [Fact]
    public void The_same_seed_gives_the_same_loss_and_another_seed_another()
    {
        Loss(_training).ShouldEqual(Loss(_training));
        Loss(_training, seed: 12).item<float>().Should().NotBe(Loss(_training).item<float>());
    }

    [Fact]
    public void Where_every_condition_is_dropped_the_encoder_gets_no_gradient_and_the_null_condition_does()
    {
        Loss(_training with { ConditionDropout = 1 }).backward();

        _condition.grad!.ShouldEqual(zeros_like(_condition));
        NullConditionGradient()!.abs().sum().item<float>().Should().BePositive();
    }

    [Fact]
    public void Where_no_condition_is_dropped_it_is_the_other_way_round()
    {
        Loss(_training).backward();

        _condition.grad!.abs().sum().item<float>().Should().BePositive();
        NullConditionGradient().Should().BeNull();
    }

    [Theory]
    [InlineData(PredictionKind.Logits, 0.4)]
    [InlineData(PredictionKind.Clean, 0.5)]
    public void Sixty_steps_learn_a_toy_problem(PredictionKind prediction, double share)
    {
        // The condition of a class is a vector of its own.
        var loss = Create(_training with { Coefficient = false, Reuse = 4 }, _diffusion with { Prediction = prediction });
        var labels = Counting(20, int64).Modulo(Classes).unsqueeze(1);
        var condition = randn(Classes, 1, 8).index_select(0, labels.flatten());
        using var flat = new FlatParameters(_denoiser);
        using var optimizer = new AdamW(flat, 0.9, 0.95, 0);

        var losses = Enumerable.Range(1, 60).Select(step =>
        {
            flat.ZeroGradients();
            var value = loss.Compute(_denoiser, condition, labels);
            value.backward();
            optimizer.Step(step, 0.01);
            return value.item<float>();
        }).ToList();

        losses[^10..].Average().Should().BeLessThan((float)share * losses[..5].Average());
    }

    [Fact]
    public void A_window_without_timesteps_is_refused_by_its_keys()
    {
        var create = () => Create(
            _training with { Timesteps = TimestepDistribution.LogSnrWindow, LogSnrMin = 30, LogSnrMax = 31 }, _diffusion);

        create.Should().Throw<TweedieException>().WithMessage("logSnrMin = 30, logSnrMax = 31: no timestep*");
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        var training = _training with { Reuse = 2, ConditionDropout = 0.5 };
        Loss(training).backward(); // makes the gradients

        LiveTensors.LeftBy(() =>
        {
            using var loss = Loss(training);
            loss.backward();
        }).Should().Be(0);
    }

    private static DiffusionLoss Create(TrainingOptions training, DiffusionOptions diffusion) =>
        new(new OneHotDiffusion(diffusion, training.Objective), training.Reuse, training.ConditionDropout);

    private Tensor Loss(TrainingOptions training, long seed = Seed)
    {
        var loss = Create(training, _diffusion);
        manual_seed(seed);
        return loss.Compute(_denoiser, _condition, _labels);
    }

    private Tensor? NullConditionGradient() => _denoiser.named_parameters().Single(pair => pair.name == "null_cond").parameter.grad;
}
