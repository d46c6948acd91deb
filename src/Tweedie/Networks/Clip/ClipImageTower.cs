using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Tweedie.Networks;

/// <summary>
/// CLIP's image tower (Radford et al. 2021): patches without bias, a class token, positions, a norm before the blocks, and the class
/// token, normed and projected, as the image's features.
/// </summary>
public sealed class ClipImageTower : Module<Tensor, Tensor>
{
    [ComponentName(Name = "patch_embed")]
    private readonly PatchEmbedding patchEmbedding;
    [ComponentName(Name = "cls_token")]
    private readonly Parameter classToken;
    [ComponentName(Name = "pos_embed")]
    private readonly Parameter positions;
    [ComponentName(Name = "norm_pre")]
    private readonly LayerNorm preNorm;
    private readonly ModuleList<TransformerBlock> blocks;
    private readonly LayerNorm norm;
    private readonly Linear proj;

    /// <summary>Creates a tower with initial weights from torch's global generator.</summary>
    public ClipImageTower(ClipOptions options) : base(nameof(ClipImageTower))
    {
        var size = options.Image;
        var style = new BlockStyle(options.Activation, ClipNetwork.Epsilon);
        patchEmbedding = new PatchEmbedding(channels: 3, size.Width, size.PatchSize, hasBias: false);
        classToken = Initialization.Parameter(size.Width);
        positions = Initialization.Parameter(1 + size.Patches, size.Width);
        Initialization.SetPatchPositions(positions, size);
        preNorm = Initialization.LayerNorm(size.Width, ClipNetwork.Epsilon);
        blocks = Initialization.Blocks(size, style);
        norm = Initialization.LayerNorm(size.Width, ClipNetwork.Epsilon);
        proj = Initialization.Linear(size.Width, options.EmbeddingWidth, hasBias: false);
        RegisterComponents();
    }

    /// <summary>Images (B, 3, H, W), normalised, to features (B, embedding width), not normalised.</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var patches = patchEmbedding.forward(input);
        var tokens = preNorm.forward(cat([classToken.expand(input.shape[0], 1, -1), patches], 1).Plus(positions));
        foreach (var block in blocks)
            tokens = block.forward(tokens);
        return proj.forward(norm.forward(tokens.select(1, 0))).MoveToOuterDisposeScope();
    }
}
