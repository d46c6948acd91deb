using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Tweedie.Networks;

/// <summary>Cuts images into patches and maps each to a token by one linear map, row by row: (B, C, H, W) → (B, L, d).</summary>
public sealed class PatchEmbedding : Module<Tensor, Tensor>
{
    private readonly Conv2d proj;

    /// <summary>Creates the layer.</summary>
    public PatchEmbedding(VisionTransformerOptions options) : base(nameof(PatchEmbedding))
    {
        using var scope = NewDisposeScope(); // for a tensor that TorchSharp's Conv2d leaves behind
        proj = Conv2d(options.Channels, options.Width, options.PatchSize, stride: options.PatchSize);
        Initialization.TruncatedNormal(proj.weight, Math.Sqrt(1.0 / (options.Channels * options.PatchSize * options.PatchSize)));
        init.zeros_(proj.bias!);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return proj.forward(input).flatten(2).transpose(1, 2).MoveToOuterDisposeScope();
    }
}
