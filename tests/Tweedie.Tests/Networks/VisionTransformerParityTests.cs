using TorchSharp;
using TorchSharp.Modules;
using Tweedie.Formats;
using Tweedie.Networks;
using static TorchSharp.torch;

namespace Tweedie.Tests.Networks;

/// <summary>Compares the encoder with timm's, with timm's weights: a small configuration, all parameters random.</summary>
public sealed class VisionTransformerParityTests : IDisposable
{
    private const double Tolerance = 1e-4;

    // The folder is found first, because a skipped test must open no scope.
    private readonly string _folder = VitFixture.Folder;
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    private Dictionary<string, Tensor> Load(string file) => SafeTensors.Load(Path.Combine(_folder, file));

    private static VisionTransformer Create(string @case) => new(VitFixture.Options(@case));

    private VisionTransformer WithWeightsOf(string @case)
    {
        var network = Create(@case);
        var weights = Load($"{@case}.weights.safetensors").Where(pair => !pair.Key.StartsWith("head.")).ToDictionary();
        network.load_state_dict(weights);
        network.eval();
        return network;
    }

    [Theory]
    [InlineData("token")]
    [InlineData("avg")]
    public void Weights_have_the_names_and_shapes_of_timm(string @case)
    {
        using var network = Create(@case);
        var expected = Load($"{@case}.weights.safetensors").Where(pair => !pair.Key.StartsWith("head."));

        network.state_dict().Select(pair => $"{pair.Key} [{string.Join(",", pair.Value.shape)}]")
            .Should().BeEquivalentTo(expected.Select(pair => $"{pair.Key} [{string.Join(",", pair.Value.shape)}]"));
    }

    [Theory]
    [InlineData("token")]
    [InlineData("avg")]
    public void Outputs_equal_those_of_timm(string @case)
    {
        using var network = WithWeightsOf(@case);
        var golden = Load($"{@case}.outputs.safetensors");
        var weights = Load($"{@case}.weights.safetensors");
        var images = Load("input.safetensors")["x"];

        var condition = network.forward(images);

        network.Tokens(images).ShouldBeWithin(Tolerance, golden["forward_features"]);
        condition.ShouldBeWithin(Tolerance, golden["pre_logits"].unsqueeze(1));
        nn.functional.linear(condition.squeeze(1), weights["head.weight"], weights["head.bias"])
            .ShouldBeWithin(Tolerance, golden["forward"]);
    }

    [Theory]
    [InlineData("token")]
    [InlineData("avg")]
    public void Layers_equal_those_of_timm(string @case)
    {
        using var network = WithWeightsOf(@case);
        var golden = Load($"{@case}.outputs.safetensors");
        var (state, children) = (network.state_dict(), network.named_children().ToDictionary(child => child.name, child => child.module));

        var patches = ((PatchEmbedding)children["patch_embed"]).forward(Load("input.safetensors")["x"]);
        patches.ShouldBeWithin(Tolerance, golden["act.patch_embed"]);

        var tokens = cat([state["cls_token"].expand(patches.shape[0], 1, patches.shape[2]), patches], 1).Plus(state["pos_embed"]);
        var blocks = (ModuleList<TransformerBlock>)children["blocks"];
        for (var layer = 0; layer < blocks.Count; layer++)
        {
            tokens = blocks[layer].forward(tokens);
            tokens.ShouldBeWithin(Tolerance, golden[$"act.block{layer}"]);
        }
    }
}
