using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Tweedie.Networks;

/// <summary>Cuts images into patches and maps each to a token by one linear map, row by row: (B, C, H, W) → (B, L, d).</summary>
internal sealed class PatchEmbedding : Module<Tensor, Tensor>
{
    private readonly Conv2d proj;

    /// <summary>Creates the layer.</summary>
    public PatchEmbedding(int channels, int width, int patchSize, bool hasBias = true) : base(nameof(PatchEmbedding))
    {
        using var scope = NewDisposeScope(); // for a tensor that TorchSharp's Conv2d leaves behind
        proj = Conv2d(channels, width, patchSize, stride: patchSize, bias: hasBias);
        Initialization.TruncatedNormal(proj.weight, Math.Sqrt(1.0 / (channels * patchSize * patchSize)));
        if (hasBias)
            init.zeros_(proj.bias!);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return proj.forward(input.to(proj.weight.dtype)).flatten(2).transpose(1, 2).MoveToOuterDisposeScope();
    }
}
