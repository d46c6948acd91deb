using TorchSharp;
using Tweedie.Diffusion;
using Tweedie.Platform;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Tests.Diffusion;

/// <summary>Compares the objective on hidden states with torch's cross-entropy of all scores in double precision: 280 tokens of 70,000 entries take two chunks.</summary>
public sealed class LinearCrossEntropyTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Generator _generator = new(4);

    public void Dispose()
    {
        _scope.Dispose();
        _generator.Dispose();
    }

    [Theory]
    [InlineData(140, 2, 70_000, 0.1)]
    [InlineData(6, 1, 10, 0.1)]
    [InlineData(6, 3, 10, 0.0)]
    public void Value_and_gradients_are_those_of_the_plain_cross_entropy(int items, int tokensEach, int classes, double smoothing)
    {
        var (variables, tokens) = Problem(items, tokensEach, classes);
        var weights = rand([items, tokensEach], float32, generator: _generator);
        var (expected, expectedGradients) = Plain(variables, tokens, weights, smoothing);

        var loss = Ours(variables, tokens, weights, smoothing);
        loss.Times(3).backward(); // like a loss that is scaled afterwards

        loss.ShouldBeWithin(1e-6 * expected.item<double>(), expected);
        // A single-precision matrix product over 70,000 entries leaves 5e-5 of the hidden gradient, in torch's own cross-entropy as well.
        foreach (var (variable, gradient) in variables.Zip(expectedGradients))
            variable.grad!.ShouldBeWithin(1e-4 * gradient.abs().max().item<double>(), gradient.Times(3));
    }

    [Fact]
    public void Under_autocast_it_agrees_to_the_precision_of_bfloat16()
    {
        Assert.SkipUnless(Autocast.IsSupported, "this platform's libtorch exports no autocast");
        var (variables, tokens) = Problem(40, 3, 500);
        var (expected, expectedGradients) = Plain(variables, tokens, ones(40, 3), 0.1);

        Tensor loss;
        using (Autocast.Enter(CPU, ScalarType.BFloat16))
            loss = Ours(variables, tokens, ones(40, 3), 0.1);
        loss.backward();

        loss.dtype.Should().Be(ScalarType.Float32);
        loss.ShouldBeWithin(0.01 * expected.item<double>(), expected);
        foreach (var (variable, gradient) in variables.Zip(expectedGradients))
        {
            variable.grad!.dtype.Should().Be(ScalarType.Float32);
            ((variable.grad - gradient).norm() / gradient.norm()).item<double>().Should().BeInRange(1e-6, 0.02, "it is bf16, and near");
        }
    }

    [Fact]
    public void Where_no_gradients_are_recorded_the_value_is_the_same()
    {
        var (variables, tokens) = Problem(5, 2, 30);
        using var noGrad = no_grad();

        Ours(variables, tokens, ones(5, 2), 0.1).ShouldBeWithin(1e-5, Plain(variables, tokens, ones(5, 2), 0.1, backward: false).Loss);
    }

    [Fact]
    public void Tokens_without_weight_have_no_part_in_it()
    {
        var (variables, tokens) = Problem(4, 2, 30);
        var weights = tensor(new float[] { 1, 0, 1, 0, 1, 0, 1, 0 }).view(4, 2);

        Ours(variables, tokens, weights, 0.1).backward();

        var gradient = variables[0].grad!;
        gradient.select(1, 1).abs().max().item<float>().Should().Be(0);
        gradient.select(1, 0).abs().min().item<float>().Should().BePositive();
    }

    private (Tensor[] Variables, Tensor Tokens) Problem(int items, int tokensEach, int classes) =>
        ([Normal(items, tokensEach, 6), Normal(classes, 6), Normal(classes)], randint(0, classes, [items, tokensEach], int64, generator: _generator));

    private Tensor Normal(params long[] shape) => randn(shape, float32, generator: _generator).requires_grad_();

    private static Tensor Ours(Tensor[] variables, Tensor tokens, Tensor weights, double smoothing) =>
        new OneHotDiffusion(new DiffusionOptions(), new ObjectiveOptions { LabelSmoothing = smoothing })
            .Loss(new Logits(variables[0], variables[1], variables[2]), tokens, new Corruption(new OneHotSpace(eye(2)), zeros(1), new NoiseLevels(ones(1, 1), zeros(1, 1))), weights);

    private static (Tensor Loss, Tensor[] Gradients) Plain(Tensor[] variables, Tensor tokens, Tensor weights, double smoothing, bool backward = true)
    {
        variables = [.. variables.Select(variable => variable.detach().to(float64).requires_grad_())];
        var scores = nn.functional.linear(variables[0], variables[1], variables[2]).flatten(0, 1);
        var losses = nn.functional.cross_entropy(scores, tokens.flatten(), reduction: nn.Reduction.None, label_smoothing: smoothing);
        var loss = (losses * weights.flatten()).sum().Over(tokens.shape[0]);
        return (loss.detach(), backward ? [.. autograd.grad([loss], variables)] : []);
    }
}
