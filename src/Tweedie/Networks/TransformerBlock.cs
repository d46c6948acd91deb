using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Tweedie.Networks;

/// <summary>
/// A pre-norm Transformer block (Dosovitskiy et al. 2021): x + Attention(LN(x)), then x + MLP(LN(x)). Keys follow timm.
/// </summary>
internal sealed class TransformerBlock : Module<Tensor, Tensor>
{
    private readonly LayerNorm norm1;
    private readonly SelfAttention attn;
    private readonly LayerNorm norm2;
    private readonly Mlp mlp;
    private readonly double _dropPath;
    private readonly double _dropout;

    /// <summary>Creates a block.</summary>
    /// <param name="width">d, the width of a token.</param>
    /// <param name="heads">Attention heads; must divide the width.</param>
    /// <param name="mlpRatio">Hidden width of the MLP over d.</param>
    /// <param name="dropPath">Probability that a sample skips a residual branch in training (stochastic depth, Huang et al. 2016).</param>
    /// <param name="style">What differs between families of Transformers.</param>
    /// <param name="dropout">Probability that a number of a residual branch is zero in training (Srivastava et al. 2014).</param>
    public TransformerBlock(int width, int heads, double mlpRatio = 4, double dropPath = 0, BlockStyle? style = null, double dropout = 0)
        : base(nameof(TransformerBlock))
    {
        style ??= new BlockStyle();
        norm1 = Initialization.LayerNorm(width, style.Epsilon);
        attn = new SelfAttention(width, heads);
        norm2 = Initialization.LayerNorm(width, style.Epsilon);
        mlp = new Mlp(width, (int)(width * mlpRatio), style.Activation);
        (_dropPath, _dropout) = (dropPath, dropout);
        RegisterComponents();
    }

    /// <summary>All tokens attend to all tokens: (B, L, d) → (B, L, d).</summary>
    public override Tensor forward(Tensor input) => Attend(input, context: null);

    /// <summary>Tokens attend to themselves and to a context whose keys and values are given.</summary>
    /// <param name="tokens">Shape (B, N, d).</param>
    /// <param name="context">Keys and values of the context, or null.</param>
    /// <param name="isCausal">Whether a token sees, of the tokens, only itself and those before it.</param>
    /// <param name="rotation">See <see cref="SelfAttention.Attend"/>.</param>
    public Tensor Attend(Tensor tokens, KeyValues? context, bool isCausal = false, RotaryPositions? rotation = null) =>
        Forward(tokens, normed => attn.Attend(normed, context, isCausal, rotation));

    /// <summary>The last tokens of rows whose first tokens went before them through this block; see <see cref="SelfAttention.Continue"/>.</summary>
    /// <param name="tokens">Shape (B, N, d).</param>
    /// <param name="context">Keys and values of the context.</param>
    /// <param name="past">Keys and values of the tokens before them.</param>
    /// <param name="rotation">That of the places of these tokens.</param>
    public Tensor Continue(Tensor tokens, KeyValues context, KeyValueCache past, RotaryPositions? rotation = null) =>
        Forward(tokens, normed => attn.Continue(normed, context, past, rotation));

    /// <summary>The keys and values that other tokens need to attend to these ones. Shape of the tokens: (B, M, d).</summary>
    public KeyValues KeysAndValues(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        return attn.KeysAndValues(norm1.forward(tokens)).Map(tensor => tensor.MoveToOuterDisposeScope());
    }

    private Tensor Forward(Tensor tokens, Func<Tensor, Tensor> attend)
    {
        using var scope = NewDisposeScope();
        tokens = tokens.Plus(Drop(attend(norm1.forward(tokens))));
        return tokens.Plus(Drop(mlp.forward(norm2.forward(tokens)))).MoveToOuterDisposeScope();
    }

    private Tensor Drop(Tensor branch)
    {
        if (training && _dropout > 0)
            branch = functional.dropout(branch, _dropout, training);
        if (!training || _dropPath == 0)
            return branch;
        var keep = 1 - _dropPath;
        var mask = empty([branch.shape[0], 1, 1], branch.dtype, branch.device).bernoulli_(keep).Scale(1 / keep);
        return branch * mask;
    }
}
