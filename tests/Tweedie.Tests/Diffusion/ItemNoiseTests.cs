using Tweedie.Diffusion;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Tests.Diffusion;

public sealed class ItemNoiseTests : IDisposable
{
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    private static ItemNoise Of(params int[] items) => new(ItemNoise.Seeds(7, items), CPU);

    [Fact]
    public void An_item_has_the_same_numbers_in_every_batch()
    {
        var together = Of(3, 8, 5).ForStep(2).Normal(NoisePurpose.State, 3, 4, 6);

        Of(8).ForStep(2).Normal(NoisePurpose.State, 1, 4, 6).ShouldEqual(together.narrow(0, 1, 1));
        Of(5, 3).ForStep(2).Normal(NoisePurpose.State, 2, 4, 6).ShouldEqual(together.index_select(0, tensor(new long[] { 2, 0 })));
    }

    [Fact]
    public void Steps_purposes_and_items_have_numbers_of_their_own()
    {
        Tensor Draw(int item, int step, NoisePurpose purpose) => Of(item).ForStep(step).Normal(purpose, 1, 1, 50);
        var first = Draw(0, 0, NoisePurpose.State);

        Draw(0, 0, NoisePurpose.State).ShouldEqual(first);
        Draw(1, 0, NoisePurpose.State).ShouldNotEqual(first);
        Draw(0, 1, NoisePurpose.State).ShouldNotEqual(first);
        Draw(0, -1, NoisePurpose.State).ShouldNotEqual(first);
        Draw(0, 0, NoisePurpose.Sampler).ShouldNotEqual(first);
    }

    [Fact]
    public void Draws_of_an_item_stand_side_by_side_and_may_be_made_apart()
    {
        var together = ItemNoise.Seeds(7, [3, 8], draws: 3);

        together.Should().OnlyHaveUniqueItems();
        ItemNoise.Seeds(7, [3, 8], draws: 1, firstDraw: 2).Should().Equal(together[2], together[5]);
    }

    [Fact]
    public void Picked_tokens_get_the_numbers_that_they_would_have_among_all()
    {
        var all = Of(3, 8).ForStep(0).Uniform(NoisePurpose.Sampler, 2, 4, 5);
        var picked = tensor(new[,] { { true, false, false, true }, { false, true, false, false } });

        Of(3, 8).ForStep(0).Uniform(NoisePurpose.Sampler, picked, 5).squeeze(0).ShouldEqual(all[picked]);
        Of(3, 8).ForStep(0).Uniform(NoisePurpose.Sampler, zeros_like(picked), 5).shape.Should().Equal(1, 0, 5);
    }

    [Fact]
    public void Uniform_numbers_keep_the_digits_that_a_large_vocabulary_needs() =>
        Of(1).Uniform(NoisePurpose.Sampler, 1, 1, 1).dtype.Should().Be(ScalarType.Float64);
}
