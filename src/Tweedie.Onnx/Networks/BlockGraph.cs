using Tweedie.Networks;

namespace Tweedie.Onnx;

/// <summary>A pre-norm Transformer block: the graph of <c>TransformerBlock</c>.</summary>
/// <param name="part">The block's weights.</param>
/// <param name="heads">Attention heads.</param>
/// <param name="epsilon">LayerNorm's ε.</param>
/// <param name="activation">The non-linearity of the feed-forward part.</param>
internal sealed class BlockGraph(NetworkPart part, int heads, double epsilon = 1e-6, Activation activation = Activation.Gelu)
{
    private readonly AttentionGraph _attention = new(part.Under("attn"), heads);

    /// <summary>All tokens attend to all tokens, or to those before them: (B, L, d) → (B, L, d).</summary>
    public Value Apply(Value tokens, bool isCausal = false) => Finish(tokens, _attention.Attend(Normed(tokens), isCausal));

    /// <summary>Tokens attend to a context and to themselves.</summary>
    public Value Apply(Value tokens, ContextGraph context, bool isCausal = false, RotaryGraph? rotation = null) =>
        Finish(tokens, _attention.Attend(Normed(tokens), context, isCausal, rotation));

    /// <summary>Keys and values of tokens, and the tokens after the block.</summary>
    public (ContextGraph Context, Value Tokens) ApplyAndKeep(Value tokens)
    {
        var (queries, keys, values) = _attention.Project(Normed(tokens));
        return (new(keys, values), Finish(tokens, _attention.Mix(queries, keys, values, isCausal: false)));
    }

    /// <summary>Keys and values of tokens alone.</summary>
    public ContextGraph KeysAndValues(Value tokens) => _attention.KeysAndValues(Normed(tokens));

    private Value Normed(Value tokens) => part.LayerNorm(tokens, "norm1", epsilon);

    private Value Finish(Value tokens, Value attended)
    {
        var seen = tokens + attended;
        var mlp = part.Under("mlp");
        return seen + mlp.LargeLinear(Activations.Of(mlp.LargeLinear(part.LayerNorm(seen, "norm2", epsilon), "fc1"), activation), "fc2");
    }
}
