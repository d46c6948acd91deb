using TorchSharp;
using Tweedie.Diffusion;
using Tweedie.Sampling;
using static TorchSharp.torch;
using static Tweedie.TensorArithmetic;

namespace Tweedie.Tests.Diffusion;

/// <summary>Compares embeddings that are carried on from state to state with those of each state by itself.</summary>
public sealed class EmbeddingMemoryTests : IDisposable
{
    private const int Classes = 30;
    private const int Width = 5;

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly EmbeddedSpace _space;

    public EmbeddingMemoryTests()
    {
        using var noGrad = no_grad();
        var prior = nn.functional.log_softmax(randn([3, Classes], float32, generator: new Generator(8)), -1);
        _space = new EmbeddedSpace(randn([Width, Classes], float32, generator: new Generator(5)), input: InputKind.Posterior, logPrior: prior);
    }

    public void Dispose()
    {
        _space.Dispose();
        _scope.Dispose();
    }

    private static Tensor State(ulong seed) => randn([2, 3, Width], float32, generator: new Generator(seed));

    [Fact]
    public void Tokens_whose_state_or_level_changed_are_embedded_anew_and_the_others_stay()
    {
        using var noGrad = no_grad();
        using var memory = new EmbeddingMemory(_space);
        var (first, level) = (State(1), Filled([1, 1], 0.5, float64, CPU));
        var changed = tensor(new[,] { { false, true, false }, { false, false, true } });
        var second = where(changed.unsqueeze(-1), State(2), first);
        var ownLevels = tensor(new[,] { { 0.5, 0.5, 0.9 }, { 0.5, 0.5, 0.5 } });
        foreach (var (state, alphaBar) in new[] { (first, level), (first, level), (second, level), (second, ownLevels), (State(3), ownLevels), (second, level) })
            memory.Embed(state, alphaBar).ShouldBeWithin(1e-5, _space.Embed(state, alphaBar));

        memory.Embed(first, level);
        memory.Embed(second, level)[changed.logical_not()].ShouldEqual(memory.Embed(first, level)[changed.logical_not()]);
    }

    [Fact]
    public void A_batch_of_another_size_is_embedded_as_a_whole()
    {
        using var noGrad = no_grad();
        using var memory = new EmbeddingMemory(_space);
        using var level = Filled([1, 1], 0.5, float64, CPU);
        memory.Embed(State(1), level);

        memory.Embed(State(1).narrow(0, 0, 1), level).ShouldBeWithin(1e-5, _space.Embed(State(1).narrow(0, 0, 1), level));
    }

    [Theory]
    [InlineData(InputKind.State)]
    [InlineData(InputKind.Posterior)]
    public void Some_tokens_of_a_state_are_embedded_as_with_the_others(InputKind input)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        using var space = new EmbeddedSpace(randn([Width, Classes]), input: input);
        var picked = tensor(new[,] { { true, false, false }, { false, true, true } });
        using var level = Filled([1, 1], 0.5, float64, CPU);

        space.EmbedAt(State(1), level, picked).ShouldBeWithin(1e-5, space.Embed(State(1), level)[picked]);
    }

    [Fact]
    public void It_leaves_no_tensor()
    {
        void Use()
        {
            using var noGrad = no_grad();
            using var scope = NewDisposeScope();
            using var memory = new EmbeddingMemory(_space);
            var (level, changed) = (Filled([1, 1], 0.5, float64, CPU), tensor(new[,] { { false, true, false }, { false, false, true } }));
            memory.Embed(State(1), level);
            memory.Embed(where(changed.unsqueeze(-1), State(2), State(1)), level);
        }

        Use(); // the space keeps what it computes once
        LiveTensors.LeftBy(Use).Should().Be(0);
    }
}
