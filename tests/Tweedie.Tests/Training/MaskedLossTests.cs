using TorchSharp;
using Tweedie.Diffusion;
using Tweedie.Networks;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Tests.Training;

[Collection(GlobalState.Name)]
public sealed class MaskedLossTests : IDisposable
{
    private const int Classes = 7, Tokens = 5, Items = 6;
    private const long Seed = 11;

    private static readonly TrainingOptions _training = new() { Reuse = 1, LabelSmoothing = 0, ConditionDropout = 0 };

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Denoiser _denoiser;
    private readonly Tensor _tokens;
    private readonly Tensor _condition;

    public MaskedLossTests()
    {
        manual_seed(Seed);
        _denoiser = new Denoiser(TinyRun.Denoiser, Classes, Tokens, conditionWidth: 8);
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

    private static DiffusionLoss Create(TrainingOptions training) => new(new MaskedDiffusion(training.Objective), training.Reuse, training.ConditionDropout);

    private Tensor Loss(TrainingOptions training, Tensor? weights = null)
    {
        manual_seed(Seed);
        return Create(training).Compute(_denoiser, _condition, _tokens, weights);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void It_is_the_cross_entropy_of_the_hidden_tokens_over_t(int copies)
    {
        var weights = rand(Items, Tokens);
        var loss = Loss(_training with { Reuse = copies }, weights);

        manual_seed(Seed);
        var tokens = _tokens.repeat_interleave(copies, 0);
        var times = LogLinearMasking.Times(rand(Items * copies));
        var hidden = LogLinearMasking.Hidden(rand(Items * copies, Tokens), times.unsqueeze(1));
        var visible = nn.functional.one_hot(tokens, Classes).to(float32) * ~hidden.unsqueeze(-1); // zero where hidden
        var context = _denoiser.Prepare(_condition.repeat_interleave(copies, 0));
        var logits = _denoiser.Project(_denoiser.Hidden(new OneHotSpace(_denoiser.Embedding.Weight).Embed(visible, ones(1, 1, float64)), zeros(1, 1), context)).All();
        var crossEntropy = -nn.functional.log_softmax(logits, -1).gather(-1, tokens.unsqueeze(-1)).squeeze(-1);
        var expected = crossEntropy * hidden / times.unsqueeze(1) * weights.repeat_interleave(copies, 0);

        hidden.sum().item<long>().Should().BeInRange(1, Items * copies * Tokens - 1);
        loss.item<float>().Should().BeApproximately(expected.sum(1).mean().item<float>(), 1e-4f);
    }

    [Fact]
    public void A_batch_in_which_nothing_is_hidden_has_no_loss_and_finite_gradients()
    {
        var one = Create(_training);
        for (var seed = 0; seed < 200; seed++)
        {
            manual_seed(seed);
            var loss = one.Compute(_denoiser, _condition.narrow(0, 0, 1), _tokens.narrow(0, 0, 1));
            loss.item<float>().Should().BeGreaterThanOrEqualTo(0);
            if (loss.item<float>() > 0)
                continue;
            loss.backward();
            _denoiser.parameters().Where(parameter => parameter.grad is not null)
                .Should().AllSatisfy(parameter => parameter.grad!.isfinite().all().item<bool>().Should().BeTrue());
            return;
        }
        Assert.Fail("200 draws hid something every time.");
    }

    [Fact]
    public void Padding_counts_less_from_behind_the_first_end_token_on()
    {
        var tokens = tensor(new long[,] { { 3, 4, 2, 0, 0 }, { 2, 0, 2, 0, 0 }, { 3, 3, 3, 3, 3 } });

        PaddingWeights.Of(tokens, end: 2, weight: 0.25).ShouldEqual(tensor(new[,]
        { { 1, 1, 1, 0.25f, 0.25f }, { 1, 0.25f, 0.25f, 0.25f, 0.25f }, { 1, 1, 1, 1, 1 } }));
    }
}
