using TorchSharp;
using Tweedie.Diffusion;
using Tweedie.Sampling;
using static TorchSharp.torch;
using static Tweedie.TensorArithmetic;

namespace Tweedie.Tests.Diffusion;

public sealed class ReverseProcessTests
{
    private static readonly NoiseSchedule Schedule = NoiseSchedule.Cosine(1000);

    private static ReverseProcess Process(
        int steps = 6, ToOneKind toOne = ToOneKind.Multinomial, Guidance? guidance = null, bool control = false) => new(
        new OneHotDiffusion(new DiffusionOptions()),
        control ? SamplingPlan.Control(Schedule, steps) : SamplingPlan.Uniform(Schedule, steps),
        control ? new Independent() : new Renoise(),
        ToOne.Create(toOne),
        guidance ?? Guidance.None);

    private static List<(long[] Tokens, float[] Logits)> Trajectory(ReverseProcess process, IDenoiser denoiser, ulong seed = 1)
    {
        using var generator = new Generator(seed);
        return [.. process.Run(denoiser, new TorchNoise(CPU, generator)).Select(step => (step.Tokens.Longs(), step.Logits.All().data<float>().ToArray()))];
    }

    [Fact]
    public void The_network_sees_the_plans_timesteps_and_each_step_is_re_noised_to_the_next_level()
    {
        var denoiser = new RecordingDenoiser();

        Trajectory(Process(steps: 5), denoiser);

        denoiser.Predictions.Select(call => call.Timestep).Should().Equal(999, 749, 500, 250, 0);
        denoiser.Corruptions.Should().Equal(new[] { 749, 500, 250, 0 }.Select(t => Schedule.AlphaBar[t]));
        denoiser.Noises.Should().Be(1);
    }

    [Fact]
    public void Steps_say_where_they_stand()
    {
        using var generator = new Generator(1);
        var steps = Process(steps: 5).Run(new RecordingDenoiser(), new TorchNoise(CPU, generator))
            .Select(step => (step.Index, step.Count, step.Timestep, step.AlphaBar, step.IsLast, step.Probabilities().shape, step.Tokens.shape)).ToList();

        steps.Select(step => step.Index).Should().Equal(0, 1, 2, 3, 4);
        steps.Select(step => step.Count).Should().AllBeEquivalentTo(5);
        steps.Select(step => step.Timestep).Should().Equal(999, 749, 500, 250, 0);
        steps.Select(step => step.AlphaBar).Should().Equal(steps.Select(step => Schedule.AlphaBar[step.Timestep]));
        steps.Select(step => step.IsLast).Should().Equal(false, false, false, false, true);
        steps[0].Item6.Should().Equal(3, 2, 5);
        steps[0].Item7.Should().Equal(3, 2);
    }

    [Fact]
    public void Nothing_happens_before_the_stream_is_read()
    {
        var denoiser = new RecordingDenoiser();
        using var generator = new Generator(1);

        var steps = Process().Run(denoiser, new TorchNoise(CPU, generator));
        (denoiser.Noises, denoiser.Passes).Should().Be((0, 0));

        steps.First().Index.Should().Be(0);
        (denoiser.Noises, denoiser.Passes, denoiser.Corruptions.Count).Should().Be((1, 1, 0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(6)]
    public void Reading_some_steps_leaves_no_tensor(int steps)
    {
        using var generator = new Generator(1);
        LiveTensors.LeftBy(() => Process().Run(new RecordingDenoiser(), new TorchNoise(CPU, generator)).Take(steps).Count().Should().Be(steps)).Should().Be(0);
    }

    [Fact]
    public void While_it_runs_only_the_state_its_levels_the_logits_and_the_tokens_live()
    {
        using var generator = new Generator(1);
        var before = LiveTensors.Count;

        foreach (var _ in Process().Run(new RecordingDenoiser(), new TorchNoise(CPU, generator)))
            (LiveTensors.Count - before).Should().Be(5);
    }

    [Fact]
    public void A_failing_network_leaves_no_tensor()
    {
        using var generator = new Generator(1);
        LiveTensors.LeftBy(() => FluentActions.Invoking(() => Process().Run(new FailingDenoiser(calls: 2), new TorchNoise(CPU, generator)).Count())
            .Should().Throw<InvalidOperationException>()).Should().Be(0);
    }

    [Fact]
    public void The_same_seed_gives_the_same_trajectory_and_another_seed_another()
    {
        var first = Trajectory(Process(), new RecordingDenoiser(), seed: 1);

        Trajectory(Process(), new RecordingDenoiser(), seed: 1).Should().BeEquivalentTo(first, options => options.WithStrictOrdering());
        Trajectory(Process(), new RecordingDenoiser(), seed: 2)[0].Logits.Should().NotEqual(first[0].Logits);
    }

    [Theory]
    [InlineData(GuidanceSchedule.Constant)]
    [InlineData(GuidanceSchedule.Linear)]
    public void Guidance_at_scale_one_changes_nothing_and_costs_no_unconditional_pass(GuidanceSchedule schedule)
    {
        var (plain, guided) = (new RecordingDenoiser(), new RecordingDenoiser());
        var expected = Trajectory(Process(), plain);

        Trajectory(Process(guidance: new Guidance(1, schedule)), guided)
            .Should().BeEquivalentTo(expected, options => options.WithStrictOrdering());
        guided.Passes.Should().Be(6).And.Be(plain.Passes);
    }

    [Fact]
    public void Each_step_is_guided_by_its_own_scale()
    {
        var denoiser = new RecordingDenoiser();

        Trajectory(Process(steps: 5, guidance: new Guidance(3, GuidanceSchedule.Linear)), denoiser);

        denoiser.Predictions.Select(call => call.Guidance).Should().Equal(1, 1.5, 2, 2.5, 3);
        denoiser.Passes.Should().Be(9);
    }

    [Fact]
    public void Tokens_follow_from_the_guided_logits()
    {
        using var generator = new Generator(1);
        foreach (var step in Process(toOne: ToOneKind.Argmax, guidance: new Guidance(4)).Run(new RecordingDenoiser(), new TorchNoise(CPU, generator)))
            step.Tokens.ShouldEqual(step.Logits.All().argmax(-1));
    }

    [Fact]
    public void The_control_feeds_no_prediction_back()
    {
        var denoiser = new RecordingDenoiser();

        Trajectory(Process(steps: 4, control: true), denoiser);

        denoiser.Corruptions.Should().BeEmpty();
        denoiser.Noises.Should().Be(4);
        denoiser.Predictions.Select(call => call.Timestep).Should().Equal(999, 999, 999, 999);
    }

    [Fact]
    public void Consumers_may_open_and_close_dispose_scopes_between_steps()
    {
        var expected = Trajectory(Process(), new RecordingDenoiser());
        using var generator = new Generator(1);
        using var steps = Process().Run(new RecordingDenoiser(), new TorchNoise(CPU, generator)).GetEnumerator();
        List<float[]> logits = [];
        DisposeScope? held = null;

        for (var index = 0; index < expected.Count; index++)
        {
            using (NewDisposeScope())
                steps.MoveNext().Should().BeTrue();
            var next = NewDisposeScope();
            steps.Current.Probabilities().sum().item<float>().Should().BeApproximately(6, 1e-4f);
            logits.Add(steps.Current.Logits.All().data<float>().ToArray());
            held?.Dispose(); // scopes close in another order than they opened
            held = next;
        }
        held?.Dispose();

        logits.Should().BeEquivalentTo(expected.Select(step => step.Logits), options => options.WithStrictOrdering());
    }

    [Fact]
    public void Steps_record_no_gradients_but_consumers_may()
    {
        using var generator = new Generator(1);
        using var weight = ones(1).requires_grad_();
        foreach (var step in Process().Run(new WeightedDenoiser(weight), new TorchNoise(CPU, generator)))
        {
            is_grad_enabled().Should().BeTrue();
            step.Logits.All().requires_grad.Should().BeFalse();
        }
    }

    [Theory]
    [InlineData(0, 8)]
    [InlineData(1, 4)]
    [InlineData(2, 7)]
    [InlineData(3, 8)]
    public void It_stops_early_where_it_is_asked_to_and_the_tokens_were_stable(int patience, int expected)
    {
        // Tokens change at steps 1, 2 and 4. Step 3 is the first that repeats one step before it, step 6 the first that repeats two.
        var denoiser = new ScriptedDenoiser([0, 1, 2, 2, 3, 3, 3, 4]);
        using var generator = new Generator(1);
        var process = new ReverseProcess(
            new OneHotDiffusion(new DiffusionOptions()), SamplingPlan.Uniform(Schedule, 8), new Renoise(), ToOne.Argmax, Guidance.None, patience);

        LiveTensors.LeftBy(() =>
        {
            var steps = process.Run(denoiser, new TorchNoise(CPU, generator)).Select(step => step.IsLast).ToList();
            steps.Should().HaveCount(expected);
            steps.SkipLast(1).Should().AllBeEquivalentTo(false);
            steps[^1].Should().BeTrue();
        }).Should().Be(0);
    }

    [Fact]
    public void Cancelling_stops_before_the_next_step()
    {
        using var generator = new Generator(1);
        using var cancellation = new CancellationTokenSource();
        var denoiser = new RecordingDenoiser();

        LiveTensors.LeftBy(() => FluentActions.Invoking(() =>
        {
            foreach (var step in Process().Run(denoiser, new TorchNoise(CPU, generator), cancellation: cancellation.Token))
                if (step.Index == 1)
                    cancellation.Cancel();
        }).Should().Throw<OperationCanceledException>()).Should().Be(0);
        denoiser.Passes.Should().Be(2);
    }

    [Fact]
    public void A_stream_can_be_read_again_and_draws_anew()
    {
        using var generator = new Generator(1);
        var stream = Process().Run(new RecordingDenoiser(), new TorchNoise(CPU, generator)).Select(step => step.Logits.All().data<float>().ToArray());

        stream.First().Should().NotEqual(stream.First());
    }

    [Theory]
    [InlineData(false, ToOneKind.Argmax, 5)] // all steps but the last are fed back
    [InlineData(true, ToOneKind.Argmax, 0)]
    [InlineData(true, ToOneKind.Multinomial, 6)] // draws happen whether or not anybody looks
    public void Tokens_that_nobody_needs_are_not_chosen(bool control, ToOneKind kind, int expected)
    {
        var rule = new CountingRule(ToOne.Create(kind));
        using var generator = new Generator(1);
        var plan = control ? SamplingPlan.Control(Schedule, 6) : SamplingPlan.Uniform(Schedule, 6);
        ISampler sampler = control ? new Independent() : new Renoise();

        new ReverseProcess(new OneHotDiffusion(new DiffusionOptions()), plan, sampler, rule, Guidance.None).Run(new RecordingDenoiser(), new TorchNoise(CPU, generator)).Count().Should().Be(6);

        rule.Choices.Should().Be(expected);
    }

    private sealed class CountingRule(IToOne rule) : IToOne
    {
        public int Choices { get; private set; }

        public bool IsRandom => rule.IsRandom;

        public Tensor Choose(Logits logits, INoiseSource noise, Tensor? picked = null)
        {
            Choices++;
            return rule.Choose(logits, noise, picked);
        }
    }

    private sealed class ScriptedDenoiser(long[] choices) : RecordingDenoiser
    {
        private int _step;

        public override Logits Predict(Tensor state, NoiseLevels levels, double guidance, Tensor? previous = null)
        {
            using var scope = NewDisposeScope();
            return Logits.Of(ForwardProcess.OneHot(Filled([3, 2], choices[_step++], int64, CPU), 5).MoveToOuterDisposeScope());
        }
    }

    private sealed class WeightedDenoiser(Tensor weight) : RecordingDenoiser
    {
        public override Logits Predict(Tensor state, NoiseLevels levels, double guidance, Tensor? previous = null) => Logits.Of(weight * base.Predict(state, levels, guidance).All());
    }

    private sealed class FailingDenoiser(int calls) : RecordingDenoiser
    {
        public override Logits Predict(Tensor state, NoiseLevels levels, double guidance, Tensor? previous = null) => calls-- > 0
            ? base.Predict(state, levels, guidance)
            : throw new InvalidOperationException("The network fails.");
    }
}
