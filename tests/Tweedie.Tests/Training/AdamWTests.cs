using TorchSharp;
using Tweedie.Networks;
using Tweedie.Training;
using static TorchSharp.torch;
using AdamW = Tweedie.Training.AdamW;

namespace Tweedie.Tests.Training;

public sealed class AdamWTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly VisionTransformer _module = new(TinyRun.Encoder);
    private readonly VisionTransformer _reference = new(TinyRun.Encoder);

    public void Dispose()
    {
        _module.Dispose();
        _reference.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void Twenty_steps_equal_torchs_with_decay_on_matrices_only()
    {
        const double decay = 0.3;
        _reference.load_state_dict(_module.state_dict());
        using var flat = new FlatParameters(_module);
        using var optimizer = new AdamW(flat, 0.9, 0.95, decay);
        var groups = _reference.parameters().GroupBy(parameter => parameter.dim() is 2 or 4)
            .Select(group => new TorchSharp.Modules.AdamW.ParamGroup(group, beta1: 0.9, beta2: 0.95, weight_decay: group.Key ? decay : 0)).ToArray();
        using var expected = optim.AdamW(groups);
        using var generator = new Generator(2);

        for (var step = 1; step <= 20; step++)
        {
            var learningRate = 0.01 / step;
            foreach (var (parameter, other) in _module.parameters().Zip(_reference.parameters()))
            {
                var gradient = randn(parameter.shape, float32, generator: generator);
                parameter.grad!.copy_(gradient);
                other.grad = gradient;
            }
            foreach (var group in expected.ParamGroups)
                group.LearningRate = learningRate;
            expected.step();
            optimizer.Step(step, learningRate);
        }

        foreach (var (parameter, other) in _module.parameters().Zip(_reference.parameters()))
            parameter.ShouldBeWithin(1e-6, other);
    }

    [Theory]
    [InlineData(1), InlineData(1_003), InlineData(200_003)] // less than a vector; with a tail; several blocks
    public void One_pass_over_memory_equals_tensor_operations(int length)
    {
        using var flat = new FlatParameters(_module);
        using var optimizer = new AdamW(flat, 0.9, 0.95, 0);
        using var generator = new Generator(4);
        Tensor[] Draw() => [.. Enumerable.Range(0, 4).Select(_ => randn([length], float32, generator: generator).abs())];
        var fused = Draw();
        var separate = fused.Select(tensor => tensor.clone()).ToArray();

        FusedAdamW.Step(fused[0], fused[1], fused[2], fused[3], new(0.9f, 0.95f, 0.02f, 1.5f, 1e-8f, 0.99f));
        using (no_grad())
            optimizer.StepByTensors(separate[0], separate[1], separate[2], separate[3], stepSize: 0.02, inverseRoot: 1.5, keep: 0.99);

        foreach (var (one, other) in fused.Zip(separate))
            one.ShouldBeWithin(1e-6, other);
        fused[0].ShouldNotEqual(fused[1]);
    }

    [Fact]
    public void The_state_has_two_moments_a_parameter_and_is_live()
    {
        using var flat = new FlatParameters(_module);
        using var optimizer = new AdamW(flat, 0.9, 0.95, 0);
        foreach (var parameter in _module.parameters())
            parameter.grad!.Fill(2);

        optimizer.Step(1, 0.1);

        var state = optimizer.State().ToDictionary();
        state.Keys.Should().BeEquivalentTo(
            _module.named_parameters().SelectMany(pair => new[] { "exp_avg." + pair.name, "exp_avg_sq." + pair.name }));
        foreach (var (name, parameter) in _module.named_parameters())
        {
            state["exp_avg." + name].ShouldBeWithin(1e-6, zeros_like(parameter).Fill(0.2)); // (1 − β₁)·g
            state["exp_avg_sq." + name].ShouldBeWithin(1e-6, zeros_like(parameter).Fill(0.2)); // (1 − β₂)·g²
        }
        state["exp_avg.pos_embed"].Fill(7);
        optimizer.State().ToDictionary()["exp_avg.pos_embed"].ShouldEqual(zeros_like(state["exp_avg.pos_embed"]).Fill(7));
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        using var flat = new FlatParameters(_module);

        LiveTensors.LeftBy(() =>
        {
            using var optimizer = new AdamW(flat, 0.9, 0.95, 0.3);
            optimizer.Step(1, 0.1);
            optimizer.Step(2, 0.1);
        }).Should().Be(0);
    }
}
