using Tweedie.Formats;
using Tweedie.Networks;
using static TorchSharp.torch;
using static Tweedie.TensorArithmetic;

namespace Tweedie.Tests.Networks;

public sealed class TimestepEmbeddingTests
{
    [Fact]
    public void Sinusoids_equal_the_reference()
    {
        var path = Shared.Path("fixtures/diffusion-mar/timestep_embedding.safetensors");
        using var scope = NewDisposeScope();
        var golden = SafeTensors.Load(path);

        var sinusoids = TimestepEmbedding.Sinusoids(golden["t"]);

        golden.TryGetValue($"embedding_{sinusoids.shape[1]}", out var expected);
        Assert.SkipWhen(expected is null, $"the fixture has no embedding of {sinusoids.shape[1]} numbers");
        sinusoids.ShouldBeWithin(2e-4, expected!);
    }

    [Fact]
    public void Timestep_zero_is_all_cosines()
    {
        using var scope = NewDisposeScope();

        TimestepEmbedding.Sinusoids(zeros([1], int64)).ShouldEqual(cat([ones(1, 128), zeros(1, 128)], 1));
    }

    [Fact]
    public void Equal_timesteps_of_tokens_are_embedded_as_each_by_itself()
    {
        using var scope = NewDisposeScope();
        using var network = new TimestepEmbedding(8);
        var timesteps = tensor(new long[] { 7, 900, 7, 0, 900, 3 });
        var weights = randn(6, 8);
        IList<Tensor> Gradients(Tensor loss) => autograd.grad([loss], [.. network.parameters()]);

        var (alone, ofTokens) = (network.forward(timesteps), network.forward(timesteps.view(2, 3)));

        ofTokens.ShouldBeWithin(1e-6, alone.view(2, 3, 8));
        foreach (var (actual, expected) in Gradients((ofTokens.view(6, 8) * weights).sum()).Zip(Gradients((alone * weights).sum())))
            actual.ShouldBeWithin(1e-5, expected);
    }

    [Fact]
    public void Every_timestep_has_its_own_embedding()
    {
        using var scope = NewDisposeScope();
        using var network = new TimestepEmbedding(8);

        var embedded = network.forward(Counting(1000, int64));

        embedded.shape.Should().Equal(1000, 8);
        cdist(embedded, embedded, p: 1).Plus(eye(1000).Times(1000)).min().item<float>().Should().BePositive();
    }
}
