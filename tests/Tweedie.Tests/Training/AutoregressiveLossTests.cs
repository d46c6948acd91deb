using TorchSharp;
using Tweedie.Diffusion;
using Tweedie.Networks;
using Tweedie.Sampling;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Tests.Training;

[Collection(GlobalState.Name)]
public sealed class AutoregressiveLossTests : IDisposable
{
    private const int Classes = 7, Tokens = 5, Items = 6;

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Denoiser _denoiser;
    private readonly Tensor _tokens;
    private readonly Tensor _condition;

    public AutoregressiveLossTests()
    {
        manual_seed(11);
        _denoiser = new Denoiser(TinyRun.Denoiser, Classes, Tokens, conditionWidth: 8, isCausal: true);
        using (no_grad())
            foreach (var parameter in _denoiser.parameters())
                parameter.Increase(randn(parameter.shape).Times(0.3));
        _condition = randn(Items, 2, 8);
        _tokens = randint(Classes, [Items, Tokens], int64);
    }

    public void Dispose()
    {
        _denoiser.Dispose();
        _scope.Dispose();
    }

    private Tensor Loss(double smoothing = 0, double conditionDropout = 0, Tensor? weights = null) => new DiffusionLoss(
        new AutoregressiveProcess(Tokens, new ObjectiveOptions { LabelSmoothing = smoothing }), conditionDropout: conditionDropout).Compute(_denoiser, _condition, _tokens, weights);

    [Theory]
    [InlineData(0)]
    [InlineData(0.2)]
    public void It_is_the_cross_entropy_of_each_token_after_those_before_it(double smoothing)
    {
        var weights = rand(Items, Tokens);
        var loss = Loss(smoothing, weights: weights);
        loss.backward();
        var gradients = _denoiser.parameters().Select(parameter => parameter.grad?.clone()).ToList();

        _denoiser.zero_grad();
        var before = cat([zeros(Items, 1, Classes), nn.functional.one_hot(_tokens, Classes).to(float32).narrow(1, 0, Tokens - 1)], 1);
        var output = _denoiser.Project(_denoiser.Hidden(before.matmul(_denoiser.Embedding.Weight.t()), zeros(1, 1), _denoiser.Prepare(_condition))).All();
        var expected = (nn.functional.cross_entropy(output.flatten(0, 1), _tokens.flatten(), reduction: nn.Reduction.None, label_smoothing: smoothing).view(Items, Tokens) * weights)
            .sum(1).mean();
        expected.backward();

        loss.item<float>().Should().BeApproximately(expected.item<float>(), 1e-4f);
        foreach (var (gradient, parameter) in gradients.Zip(_denoiser.parameters()).Where(pair => pair.First is not null))
            gradient!.ShouldBeWithin(1e-4, parameter.grad!);
        gradients.Count(gradient => gradient is not null).Should().Be(gradients.Count - 1, "only the null condition has no gradient");
    }

    [Fact]
    public void Dropped_conditions_train_the_null_condition()
    {
        manual_seed(3);
        Loss(conditionDropout: 1).backward();

        _denoiser.named_parameters().Single(pair => pair.name == "null_cond").parameter.grad!.abs().sum().item<float>().Should().BeGreaterThan(0);
    }

    [Fact]
    public void A_training_repeats_no_caption_and_has_no_steps_to_choose()
    {
        var run = new CaptionRun { Model = new() { Method = Tweedie.Models.TokenMethod.Ar }, Training = new() { Reuse = 1 } };

        Problems(run).Should().BeEmpty();
        Problems(run with { Training = new() { Reuse = 4 } }).Should().ContainSingle().Which.Should().Match("training.reuse = 4 *give training.reuse = 1");
        Problems(run with { Evaluation = new() { Steps = [20] } }).Should().ContainSingle().Which.Should().Match("evaluation.steps = ?20? *leave it out");

        static IEnumerable<string?> Problems(CaptionRun run) => run.Validate(new(run)).Select(problem => problem.ErrorMessage);
    }
}
