using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Tweedie.Networks;

/// <summary>Multi-head self-attention with scale (d/heads)^−½; weights <c>qkv</c> (q, k, v stacked) and <c>proj</c> as in timm.</summary>
public sealed class SelfAttention : Module<Tensor, Tensor>
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
    public Tensor Attend(Tensor tokens, KeyValues? context)
    {
        using var scope = NewDisposeScope();
        var parts = Split(qkv.forward(tokens), 3);
        var (keys, values) = (parts[1], parts[2]);
        Tensor? bias = null;
        if (context is not null)
        {
            (keys, values) = (cat([context.Keys, keys], 2), cat([context.Values, values], 2));
            bias = Bias(context, tokens);
        }
        var mixed = functional.scaled_dot_product_attention(parts[0], keys, values, bias, is_casual: _isCausal);
        return proj.forward(mixed.transpose(1, 2).flatten(2)).MoveToOuterDisposeScope();
    }

    /// <summary>Keys and values of the tokens (B, M, d), without their queries.</summary>
    public KeyValues KeysAndValues(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var width = proj.weight.shape[0];
        var both = functional.linear(tokens, qkv.weight.narrow(0, width, 2 * width), qkv.bias!.narrow(0, width, 2 * width));
        var parts = Split(both, 2);
        return new KeyValues(parts[0].MoveToOuterDisposeScope(), parts[1].MoveToOuterDisposeScope());
    }

    // What is added to the scores of M context tokens and L tokens, (1, 1, 1, M + L); null for context tokens that stand for themselves alone.
    private static Tensor? Bias(KeyValues context, Tensor tokens)
    {
        if (context.Multiplicity == 1)
            return null;
        var ofContext = full([context.Keys.shape[2]], Math.Log(context.Multiplicity), float32, tokens.device);
        return cat([ofContext, zeros([tokens.shape[1]], float32, tokens.device)]).view(1, 1, 1, -1);
    }

    // (B, L, parts·d) → parts × (B, heads, L, d/heads)
    private Tensor[] Split(Tensor stacked, int parts)
    {
        var (batch, length) = (stacked.shape[0], stacked.shape[1]);
        return stacked.view(batch, length, parts, _heads, -1).permute(2, 0, 3, 1, 4).unbind(0);
    }
}
