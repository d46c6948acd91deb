using Tweedie.Diffusion;
using Tweedie.Networks;
using static TorchSharp.torch;

namespace Tweedie.Tests.Networks;

public sealed class OneHotEmbeddingTests
{
    [Fact]
    public void A_one_hot_vector_picks_its_column_of_the_weights()
    {
        using var scope = NewDisposeScope();
        using var embedding = new OneHotEmbedding(classes: 11, width: 6);
        var tokens = tensor(new long[] { 3, 10, 0, 3 }).view(2, 2);

        var embedded = new OneHotSpace(embedding.Weight).Embed(ForwardProcess.OneHot(tokens, 11), ones(1, 1, float64));

        embedded.ShouldBeWithin(1e-6, embedding.state_dict()["weight"].t()[tokens]);
    }

    [Fact]
    public void Pure_noise_is_embedded_with_a_deviation_of_one_tenth_at_the_start()
    {
        using var scope = NewDisposeScope();
        using var embedding = new OneHotEmbedding(classes: 500, width: 400);

        var embedded = new OneHotSpace(embedding.Weight).Embed(randn([400, 1, 500], float32, generator: new Generator(3)), ones(1, 1, float64));

        // With 160,000 values that are products of 200,000 weights, 3 % is far beyond chance.
        embedded.std().item<float>().Should().BeApproximately(0.1f, 0.003f);
    }
}
