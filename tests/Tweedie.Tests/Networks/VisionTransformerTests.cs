using TorchSharp;
using Tweedie.Networks;
using static TorchSharp.torch;

namespace Tweedie.Tests.Networks;

[Collection(GlobalState.Name)]
public sealed class VisionTransformerTests : IDisposable
{
    private static readonly VisionTransformerOptions Small = new()
    {
        ImageSize = 16,
        Channels = 1,
        PatchSize = 4,
        Width = 12,
        Depth = 2,
        Heads = 3,
    };

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Sizes_are_those_of_timm()
    {
        var counts = VitFixture.PublishedCounts().ToList();

        counts.Should().NotBeEmpty();
        foreach (var (name, options, parameters) in counts)
            ParameterCount.Of(() => new VisionTransformer(options)).Should().Be(parameters, name);
    }

    [Fact]
    public void The_default_is_the_base_size() => ParameterCount.Of(() => new VisionTransformer(new())).Should().Be(85_798_656);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Each_class_token_gives_a_condition_token(int classTokens)
    {
        using var network = new VisionTransformer(Small with { ClassTokens = classTokens });
        var images = randn(2, 1, 16, 16);

        var condition = network.forward(images);

        condition.shape.Should().Equal(2, classTokens, 12);
        network.Tokens(images).shape.Should().Equal(2, classTokens + 16, 12);
        network.state_dict()["pos_embed"].shape.Should().Equal(1, classTokens + 16, 12);
        condition.ShouldEqual(network.Tokens(images).narrow(1, 0, classTokens));
        if (classTokens > 1)
            (condition.select(1, 0) - condition.select(1, 1)).abs().max().item<float>().Should().BePositive();
    }

    [Fact]
    public void Mean_pooling_averages_the_patches_and_leaves_the_class_tokens_out()
    {
        using var network = new VisionTransformer(Small with { ClassTokens = 2, Pooling = Pooling.Mean });
        var images = randn(2, 1, 16, 16);

        var condition = network.forward(images);

        // The new fc_norm is plain: weight 1, bias 0.
        var mean = network.Tokens(images).narrow(1, 2, 16).mean([1], keepdim: true);
        condition.shape.Should().Equal(2, 1, 12);
        condition.ShouldBeWithin(1e-5, nn.functional.layer_norm(mean, [12], eps: 1e-6));
        network.state_dict().Keys.Should().Contain("fc_norm.weight").And.NotContain("norm.weight");
    }

    [Fact]
    public void Patches_are_told_apart_by_their_positions()
    {
        using var network = new VisionTransformer(Small);
        network.eval();
        var image = randn(1, 1, 16, 16);

        var mirrored = network.forward(image.flip(-1)) - network.forward(image);

        mirrored.abs().max().item<float>().Should().BeGreaterThan(1e-4f);
    }

    [Fact]
    public void Stochastic_depth_acts_in_training_only()
    {
        using var network = new VisionTransformer(Small with { DropPath = 0.9 });
        using var whole = new VisionTransformer(Small);
        whole.load_state_dict(network.state_dict());
        var images = randn(8, 1, 16, 16);
        var expected = whole.forward(images);

        network.eval();
        network.forward(images).ShouldEqual(expected);
        network.train();
        (network.forward(images) - expected).abs().max().item<float>().Should().BeGreaterThan(1e-3f);
    }

    [Fact]
    public void The_same_torch_seed_gives_the_same_weights()
    {
        manual_seed(8);
        using var first = new VisionTransformer(Small);
        manual_seed(8);
        using var second = new VisionTransformer(Small);

        foreach (var (name, value) in first.state_dict())
            second.state_dict()[name].ShouldEqual(value);
    }

    [Fact]
    public void Every_parameter_learns()
    {
        using var network = new VisionTransformer(Small with { ClassTokens = 2 });

        var output = network.forward(randn(2, 1, 16, 16));
        (output * output * output).sum().backward();

        foreach (var (name, parameter) in network.named_parameters())
            (parameter.grad?.abs().max().item<float>() ?? 0).Should().BePositive(name);
    }
}
