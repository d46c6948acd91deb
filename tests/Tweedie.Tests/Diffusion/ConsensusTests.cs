using TorchSharp;
using Tweedie.Diffusion;
using static TorchSharp.torch;

namespace Tweedie.Tests.Diffusion;

public sealed class ConsensusTests
{
    private static DenoisingStep Step(double alphaBar, params float[] probabilities) =>
        new(0, 1, 0, alphaBar, Logits.Of(tensor(probabilities).log().view(1, 1, -1)), new Choice(() => zeros([1, 1], int64)));

    [Fact]
    public void It_is_the_mean_weighted_by_the_share_of_noise()
    {
        using var scope = NewDisposeScope();
        using var consensus = new Consensus();

        consensus.Add(Step(0.1, 0.5f, 0.3f, 0.2f)); // weight 0.9
        consensus.Add(Step(0.7, 0.1f, 0.1f, 0.8f)); // weight 0.3

        consensus.Probabilities().ShouldBeWithin(1e-6, tensor(new[]
        {
            (0.9 * 0.5 + 0.3 * 0.1) / 1.2,
            (0.9 * 0.3 + 0.3 * 0.1) / 1.2,
            (0.9 * 0.2 + 0.3 * 0.8) / 1.2,
        }).view(1, 1, 3));
    }

    [Fact]
    public void It_outlives_the_scopes_in_which_steps_were_added()
    {
        using var consensus = new Consensus();
        foreach (var signal in new[] { 0.0, 0.5 })
        {
            using var scope = NewDisposeScope();
            consensus.Add(Step(signal, 0.25f, 0.75f));
        }

        using var probabilities = consensus.Probabilities();
        probabilities.data<float>().ToArray().Should().BeEquivalentTo([0.25f, 0.75f],
            options => options.Using<float>(it => it.Subject.Should().BeApproximately(it.Expectation, 1e-6f)).WhenTypeIs<float>());
    }

    [Fact]
    public void Nothing_is_left_behind()
    {
        using var step = new StepOwner();

        LiveTensors.LeftBy(() =>
        {
            using var consensus = new Consensus();
            consensus.Add(step.Step);
            consensus.Add(step.Step);
            consensus.Probabilities().Dispose();
        }).Should().Be(0);
    }

    [Fact]
    public void Without_a_step_there_is_no_prediction()
    {
        using var consensus = new Consensus();

        consensus.Invoking(it => it.Probabilities()).Should().Throw<InvalidOperationException>();
    }

    private sealed class StepOwner : IDisposable
    {
        private readonly DisposeScope _scope = NewDisposeScope();

        public StepOwner() => Step = Step(0.5, 0.5f, 0.5f);

        public DenoisingStep Step { get; }

        public void Dispose() => _scope.Dispose();
    }
}
