using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Tweedie.Networks;

/// <summary>
/// The image encoder (Dosovitskiy et al. 2021): patches, class tokens, learned positions, pre-norm blocks.
/// Positions start as sinusoids, which short trainings learn faster from than from noise (Beyer et al. 2022).
/// State-dict keys and behaviour are timm's; with mean pooling the final norm comes after the mean (<c>fc_norm</c>), as in timm and MAE.
/// </summary>
public sealed class VisionTransformer : Module<Tensor, Tensor>
{
    [ComponentName(Name = "patch_embed")]
    private readonly PatchEmbedding patchEmbedding;
    [ComponentName(Name = "cls_token")]
    private readonly Parameter classTokens;
    [ComponentName(Name = "pos_embed")]
    private readonly Parameter positions;
    private readonly ModuleList<TransformerBlock> blocks;
    private readonly LayerNorm? norm;
    [ComponentName(Name = "fc_norm")]
    private readonly LayerNorm? poolNorm;

    /// <summary>Creates an encoder with initial weights from torch's global generator.</summary>
    public VisionTransformer(VisionTransformerOptions options) : base(nameof(VisionTransformer))
    {
        Options = options;
        patchEmbedding = new PatchEmbedding(options.Channels, options.Width, options.PatchSize);
        classTokens = Initialization.Parameter(1, options.ClassTokens, options.Width);
        positions = Initialization.Parameter(1, options.ClassTokens + options.Patches, options.Width);
        Initialization.SetPatchPositions(positions, options);
        blocks = Initialization.Blocks(options, new BlockStyle(options.Activation, options.NormEpsilon), options.DropPath);
        if (options.Pooling == Pooling.ClassToken)
            norm = Initialization.LayerNorm(options.Width, options.NormEpsilon);
        else
            poolNorm = Initialization.LayerNorm(options.Width, options.NormEpsilon);
        RegisterComponents();
    }

    /// <summary>The encoder's size.</summary>
    public VisionTransformerOptions Options { get; }

    /// <summary>Images (B, C, H, W), normalised, to condition tokens (B, M, d); M = class tokens, or 1 for the mean.</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var tokens = Tokens(input);
        var condition = poolNorm is null
            ? tokens.narrow(1, 0, Options.ClassTokens)
            : poolNorm.forward(tokens.narrow(1, Options.ClassTokens, Options.Patches).mean([1], keepdim: true));
        return condition.MoveToOuterDisposeScope();
    }

    /// <summary>All tokens after the last layer, class tokens first: (B, M + L, d). Normalised with class-token pooling only.</summary>
    public Tensor Tokens(Tensor images)
    {
        using var scope = NewDisposeScope();
        var patches = patchEmbedding.forward(images);
        var tokens = cat([classTokens.expand(images.shape[0], -1, -1), patches], 1).Plus(positions);
        foreach (var block in blocks)
            tokens = block.forward(tokens);
        return (norm?.forward(tokens) ?? tokens).MoveToOuterDisposeScope();
    }
}
