using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Tweedie.Networks;

/// <summary>
/// CLIP's text tower (Radford et al. 2021): causal blocks over token and position embeddings; the token at the first end token, normed and
/// projected, gives the text's features. Tokens behind the end token are never seen.
/// </summary>
public sealed class ClipTextTower : Module<Tensor, Tensor>
{
    [ComponentName(Name = "token_embed")]
    private readonly Embedding embedding;
    [ComponentName(Name = "pos_embed")]
    private readonly Parameter positions;
    private readonly ModuleList<TransformerBlock> blocks;
    private readonly LayerNorm norm;
    private readonly Linear proj;
    private readonly int _endToken;

    /// <summary>Creates a tower with initial weights from torch's global generator.</summary>
    public ClipTextTower(ClipOptions options) : base(nameof(ClipTextTower))
    {
        var size = options.Text;
        var style = new BlockStyle(options.Activation, ClipNetwork.Epsilon);
        _endToken = size.EndToken;
        embedding = Initialization.Embedding(size.VocabularySize, size.Width);
        positions = Initialization.Parameter(size.Length, size.Width);
        blocks = Initialization.Blocks(size, style);
        norm = Initialization.LayerNorm(size.Width, ClipNetwork.Epsilon);
        proj = Initialization.Linear(size.Width, options.EmbeddingWidth, hasBias: false);
        RegisterComponents();
    }

    /// <summary>Token rows (B, length), int64, to features (B, embedding width), not normalised.</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var tokens = embedding.forward(input).Plus(positions);
        foreach (var block in blocks)
            tokens = block.Attend(tokens, context: null, isCausal: true);
        var ends = input.Is(_endToken).to(int64).argmax(1); // of equal values the first
        var atEnd = tokens[TensorArithmetic.Counting(input.shape[0], int64, input.device), ends];
        return proj.forward(norm.forward(atEnd)).MoveToOuterDisposeScope();
    }
}
