using Tweedie.Models;
using Tweedie.Networks;
using Tweedie.Tests.Networks;

namespace Tweedie.Tests.Models;

public sealed class ModelCostTests
{
    private static readonly VisionTransformerOptions _encoder = TinyClassifier.Options.Encoder;

    [Fact]
    public void The_parameters_of_a_CLIP_are_those_of_its_network()
    {
        using var clip = Clip.TinyClip.Create();

        ModelCost.Of(clip.Options.Network).Sum(part => part.Parameters).Should().Be(clip.Network.parameters().Sum(parameter => parameter.numel()));
    }

    [Theory]
    [InlineData("method=tdd")]
    [InlineData("method=linear")]
    [InlineData("method=mlp", "hiddenWidth=5", "encoder.classTokens=2")]
    [InlineData("encoder.pooling=mean")]
    [InlineData("encoder.classTokens=2", "encoder.depth=3")]
    [InlineData("method=linear", "encoder.classTokens=2")]
    [InlineData("method=linear", "encoder.classTokens=2", "encoder.pooling=mean", "encoder.patchSize=4", "encoder.mlpRatio=1.7")]
    [InlineData("denoiser.width=24", "denoiser.depth=3", "denoiser.mlpRatio=3.3")]
    public void The_parameters_are_those_of_the_network(params string[] kind)
    {
        var options = TinyClassifier.Options.Set(kind);
        using var network = TokenNetwork.Create(options, options.ClassNames.Count);

        var parts = ModelCost.Of(options);

        parts.Sum(part => part.Parameters).Should().Be(network.parameters().Sum(parameter => parameter.numel()));
        parts[0].Parameters.Should().Be(network.Encoder.parameters().Sum(parameter => parameter.numel()));
    }

    [Fact]
    public void The_usual_encoders_have_timms_numbers()
    {
        var counts = VitFixture.PublishedCounts().ToList();

        counts.Should().NotBeEmpty();
        foreach (var (name, options, parameters) in counts)
            ModelCost.Encoder(options).Parameters.Should().Be(parameters, name);
    }

    [Fact]
    public void The_default_model_has_the_papers_size_for_1000_classes() // 86 M and 24 M
    {
        var parts = ModelCost.Of(new ClassifierOptions { ClassNames = [.. Enumerable.Range(0, 1000).Select(i => $"{i}")] });

        parts.Select(part => part.Name).Should().Equal("encoder", "denoiser");
        parts[0].Parameters.Should().Be(85_798_656);
        parts[1].Parameters.Should().BeInRange(24_000_000, 24_500_000);
    }

    [Fact]
    public void Multiply_adds_are_those_of_the_matrix_products()
    {
        // Width 16, MLP 32, 4 patches of 192 values, 5 tokens: qkv and proj, two MLP layers, scores and mixing.
        const long block = 5 * (4 * 16 * 16 + 2 * 16 * 32) + 2 * 5 * 5 * 16;

        ModelCost.Encoder(_encoder).PerImage.Should().Be(4 * 192 * 16 + block);
        ModelCost.Of(TinyClassifier.Linear)[1].PerImage.Should().Be(16 * 7);
    }
}
