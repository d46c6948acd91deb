using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Tweedie.Networks;

/// <summary>Multi-head self-attention with scale (d/heads)^−½; weights <c>qkv</c> (q, k, v stacked) and <c>proj</c> as in timm.</summary>
internal sealed class SelfAttention : Module<Tensor, Tensor>
{
    private readonly Linear qkv;
    private readonly Linear proj;
    private readonly int _heads;
    private readonly bool _isCausal;

    /// <summary>Creates the layer.</summary>
    /// <param name="width">d, the width of a token.</param>
    /// <param name="heads">Attention heads; must divide the width.</param>
    /// <param name="isCausal">Whether a token sees only itself and those before it; there can then be no context.</param>
    public SelfAttention(int width, int heads, bool isCausal = false) : base(nameof(SelfAttention))
    {
        if (width % heads != 0)
            throw new ArgumentException($"{heads} heads do not divide the width {width}.", nameof(heads));
        (_heads, _isCausal) = (heads, isCausal);
        qkv = Initialization.Linear(width, 3 * width);
        proj = Initialization.Linear(width, width);
        RegisterComponents();
    }

    /// <summary>(B, L, d) → (B, L, d).</summary>
    public override Tensor forward(Tensor input) => Attend(input, context: null);

    /// <summary>Queries from the tokens; keys and values from the context, if any, and the tokens.</summary>
    /// <param name="tokens">Shape (B, N, d).</param>
    /// <param name="context">Keys and values of B items, or of fewer items that each serve the same number of them, side by side; null for none.</param>
    public Tensor Attend(Tensor tokens, KeyValues? context)
    {
        using var scope = NewDisposeScope();
        var parts = Split(qkv.forward(tokens), 3);
        var mixed = context is null
            ? functional.scaled_dot_product_attention(parts[0], parts[1], parts[2], is_casual: _isCausal)
            : Mix(parts[0], parts[1], parts[2], context);
        return proj.forward(mixed.transpose(1, 2).flatten(2)).MoveToOuterDisposeScope();
    }

    /// <summary>Keys and values of the tokens (B, M, d), without their queries.</summary>
    public KeyValues KeysAndValues(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var width = proj.weight.shape[0];
        var both = functional.linear(tokens, qkv.weight.narrow(0, width, 2 * width), qkv.bias!.narrow(0, width, 2 * width));
        var parts = Split(both, 2);
        return new KeyValues(parts[0].contiguous().MoveToOuterDisposeScope(), parts[1].contiguous().MoveToOuterDisposeScope());
    }

    // One softmax over context and tokens: (B, heads, N, d/heads) three times → the same shape. All copies that a context serves are rows of
    // one product with it, so it is neither repeated nor joined to the tokens' keys: that would cost more than the products.
    private static Tensor Mix(Tensor queries, Tensor keys, Tensor values, KeyValues context)
    {
        var (items, heads, length) = (queries.shape[0], queries.shape[1], queries.shape[2]);
        var (contexts, contextLength) = (context.Keys.shape[0], context.Keys.shape[2]);
        Tensor ByContext(Tensor of) => of.reshape(contexts, items / contexts, heads, length, -1).transpose(1, 2).flatten(2, 3);
        Tensor ByItem(Tensor of) => of.view(contexts, heads, items / contexts, length, -1).transpose(1, 2).flatten(0, 1);

        queries = queries.Times(Math.Pow(queries.shape[3], -0.5));
        var scores = ByItem(matmul(ByContext(queries), context.Keys.transpose(2, 3)));
        if (context.Multiplicity > 1)
            scores = scores.Plus(Math.Log(context.Multiplicity));
        var weights = functional.softmax(cat([scores, matmul(queries, keys.transpose(2, 3))], 3), 3);
        return ByItem(matmul(ByContext(weights.narrow(3, 0, contextLength)), context.Values))
            .Plus(matmul(weights.narrow(3, contextLength, length), values));
    }

    // (B, L, parts·d) → parts × (B, heads, L, d/heads)
    private Tensor[] Split(Tensor stacked, int parts)
    {
        var (batch, length) = (stacked.shape[0], stacked.shape[1]);
        return stacked.view(batch, length, parts, _heads, -1).permute(2, 0, 3, 1, 4).unbind(0);
    }
}
