using TorchSharp;
using Tweedie.Diffusion;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Tests.Diffusion;

public sealed class DecodingTests
{
    private static DenoisingStep Step(double alphaBar, params float[] probabilities) =>
        new(0, 1, new NoiseLevel(0, alphaBar), Logits.Of(tensor(probabilities).log().view(1, 1, -1)), () => zeros([1, 1], int64));

    [Fact]
    public void It_is_the_mean_weighted_by_the_share_of_noise()
    {
        using var scope = NewDisposeScope();
        using var consensus = new Decoding([DecodeKind.Consensus]);

        consensus.Add(Step(0.1, 0.5f, 0.3f, 0.2f)); // weight 0.9
        consensus.Add(Step(0.7, 0.1f, 0.1f, 0.8f)); // weight 0.3

        consensus.Probabilities(DecodeKind.Consensus).ShouldBeWithin(1e-6, tensor(new[]
        {
            (0.9 * 0.5 + 0.3 * 0.1) / 1.2,
            (0.9 * 0.3 + 0.3 * 0.1) / 1.2,
            (0.9 * 0.2 + 0.3 * 0.8) / 1.2,
        }).view(1, 1, 3));
    }

    [Fact]
    public void It_outlives_the_scopes_in_which_steps_were_added()
    {
        using var consensus = new Decoding([DecodeKind.Consensus]);
        foreach (var signal in new[] { 0.0, 0.5 })
        {
            using var scope = NewDisposeScope();
            consensus.Add(Step(signal, 0.25f, 0.75f));
        }

        using var probabilities = consensus.Probabilities(DecodeKind.Consensus);
        probabilities.data<float>().ToArray().Should().BeEquivalentTo([0.25f, 0.75f],
            options => options.Using<float>(it => it.Subject.Should().BeApproximately(it.Expectation, 1e-6f)).WhenTypeIs<float>());
    }

    [Fact]
    public void Nothing_is_left_behind()
    {
        using var step = new StepOwner();

        LiveTensors.LeftBy(() =>
        {
            using var consensus = new Decoding([DecodeKind.Consensus]);
            consensus.Add(step.Step);
            consensus.Add(step.Step);
            consensus.Probabilities(DecodeKind.Consensus).Dispose();
        }).Should().Be(0);
    }

    [Fact]
    public void Without_a_step_there_is_no_prediction()
    {
        using var consensus = new Decoding([DecodeKind.Consensus]);

        consensus.Invoking(it => it.Probabilities(DecodeKind.Consensus)).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void The_last_step_is_decoded_as_it_is_beside_the_average()
    {
        using var scope = NewDisposeScope();
        using var decoding = new Decoding(Enum.GetValues<DecodeKind>());

        decoding.Add(Step(0.9, 0.6f, 0.4f));

        decoding.Tokens(DecodeKind.Last).item<long>().Should().Be(0);
        decoding.Probabilities(DecodeKind.Last).ShouldBeWithin(1e-6, tensor(new[] { 0.6f, 0.4f }).view(1, 1, 2));
        decoding.Probabilities(DecodeKind.Consensus).ShouldBeWithin(1e-6, tensor(new[] { 0.6f, 0.4f }).view(1, 1, 2));
    }

    [Fact]
    public void What_was_not_asked_for_is_refused()
    {
        using var scope = NewDisposeScope();
        using var decoding = new Decoding([DecodeKind.Last], probabilities: false);

        decoding.Add(Step(0.9, 0.6f, 0.4f));

        decoding.Tokens(DecodeKind.Last).item<long>().Should().Be(0);
        decoding.Invoking(it => it.Probabilities(DecodeKind.Last)).Should().Throw<InvalidOperationException>();
        decoding.Invoking(it => it.Tokens(DecodeKind.Consensus)).Should().Throw<InvalidOperationException>();
    }

    private sealed class StepOwner : IDisposable
    {
        private readonly DisposeScope _scope = NewDisposeScope();

        public StepOwner() => Step = Step(0.5, 0.5f, 0.5f);

        public DenoisingStep Step { get; }

        public void Dispose() => _scope.Dispose();
    }
}
