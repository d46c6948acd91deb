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

    /// <summary>Creates the layer.</summary>
    /// <param name="width">d, the width of a token.</param>
    /// <param name="heads">Attention heads; must divide the width.</param>
    public SelfAttention(int width, int heads) : base(nameof(SelfAttention))
    {
        if (width % heads != 0)
            throw new ArgumentException($"{heads} heads do not divide the width {width}.", nameof(heads));
        _heads = heads;
        qkv = Initialization.Linear(width, 3 * width);
        proj = Initialization.Linear(width, width);
        RegisterComponents();
    }

    /// <summary>(B, L, d) → (B, L, d).</summary>
    public override Tensor forward(Tensor input) => Attend(input, context: null);

    /// <summary>Queries from the tokens; keys and values from the context, if any, and the tokens.</summary>
    /// <param name="tokens">Shape (B, N, d).</param>
    /// <param name="context">Keys and values of B items, or of fewer items that each serve the same number of them, side by side; null for none.</param>
    /// <param name="isCausal">Whether a token sees, of the tokens, only itself and those before it.</param>
    /// <param name="rotation">Turns the tokens' queries and keys by their places; null where places are told otherwise. The context has no places.</param>
    public Tensor Attend(Tensor tokens, KeyValues? context, bool isCausal = false, RotaryPositions? rotation = null)
    {
        using var scope = NewDisposeScope();
        var own = Own.Of(Split(qkv.forward(tokens), 3), rotation);
        var mixed = context is null
            ? functional.scaled_dot_product_attention(own.Placed, own.Keys, own.Values, is_casual: isCausal)
            : MixHalves(own, context, isCausal);
        return proj.forward(mixed.transpose(1, 2).flatten(2)).MoveToOuterDisposeScope();
    }

    /// <summary>The causal attention of the last tokens of rows whose first tokens went before: what <see cref="Attend"/> gives for them in the whole rows.</summary>
    /// <param name="tokens">The tokens that follow, shape (B, N, d).</param>
    /// <param name="context">Keys and values as above.</param>
    /// <param name="past">Keys and values of the tokens before them, to which those of these tokens are added.</param>
    /// <param name="rotation">That of the places of the tokens that follow; null where places are told otherwise.</param>
    public Tensor Continue(Tensor tokens, KeyValues context, KeyValueCache past, RotaryPositions? rotation = null)
    {
        using var scope = NewDisposeScope();
        var own = Own.Of(Split(qkv.forward(tokens), 3), rotation);
        var (keys, values) = past.Add(own.Keys, own.Values);
        return proj.forward(Mix(own with { Keys = keys, Values = values }, context, isCausal: true).transpose(1, 2).flatten(2)).MoveToOuterDisposeScope();
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

    private static Tensor MixHalves(Own own, KeyValues context, bool isCausal)
    {
        if (context.Other is not { } other)
            return Mix(own, context, isCausal);
        var half = own.Queries.shape[0] / 2;
        return cat([Mix(own.Map(tensor => tensor.narrow(0, 0, half)), context, isCausal), Mix(own.Map(tensor => tensor.narrow(0, half, half)), other, isCausal)]);
    }

    // One softmax over context and tokens: (B, heads, N, d/heads) → the same shape. All copies that a context serves are rows of
    // one product with it, so it is neither repeated nor joined to the tokens' keys: that would cost more than the products. There may be more keys than
    // queries, which are then those of the last tokens.
    private static Tensor Mix(Own own, KeyValues context, bool isCausal)
    {
        var (items, heads, length) = (own.Queries.shape[0], own.Queries.shape[1], own.Queries.shape[2]);
        var (contexts, contextLength) = (context.Keys.shape[0], context.Keys.shape[2]);
        Tensor ByContext(Tensor of) => contexts == items ? of : of.reshape(contexts, items / contexts, heads, length, -1).transpose(1, 2).flatten(2, 3);
        Tensor ByItem(Tensor of) => contexts == items ? of : of.view(contexts, heads, items / contexts, length, -1).transpose(1, 2).flatten(0, 1);

        var scale = Math.Pow(own.Queries.shape[3], -0.5);
        var queries = own.Queries.Times(scale);
        var scores = ByItem(matmul(ByContext(queries), context.Keys.transpose(2, 3)));
        if (context.Multiplicity > 1)
            scores = scores.Plus(Math.Log(context.Multiplicity));
        var (placed, keys) = (ReferenceEquals(own.Placed, own.Queries) ? queries : own.Placed.Times(scale), own.Keys);
        var among = matmul(placed, keys.transpose(2, 3));
        if (isCausal && length > 1)
            among = among.Plus(TensorArithmetic.Filled([length, keys.shape[2]], double.NegativeInfinity, among.dtype, among.device).triu(keys.shape[2] - length + 1));
        var weights = functional.softmax(cat([scores, among], 3), 3);
        return ByItem(matmul(ByContext(weights.narrow(3, 0, contextLength)), context.Values))
            .Plus(matmul(weights.narrow(3, contextLength, keys.shape[2]), own.Values));
    }

    // (B, L, parts·d) → parts × (B, heads, L, d/heads)
    private Tensor[] Split(Tensor stacked, int parts)
    {
        var (batch, length) = (stacked.shape[0], stacked.shape[1]);
        return stacked.view(batch, length, parts, _heads, -1).permute(2, 0, 3, 1, 4).unbind(0);
    }

    // What tokens bring themselves, each (B, heads, L, d/heads): queries as the context meets them, which has no places; queries and keys as the tokens meet each
    // other, turned by their places where they are; and values.
    private sealed record Own(Tensor Queries, Tensor Placed, Tensor Keys, Tensor Values)
    {
        public static Own Of(Tensor[] parts, RotaryPositions? rotation) => rotation is null ? new(parts[0], parts[0], parts[1], parts[2])
            : new(parts[0], rotation.Apply(parts[0]), rotation.Apply(parts[1]), parts[2]);

        public Own Map(Func<Tensor, Tensor> change)
        {
            var queries = change(Queries);
            return new(queries, ReferenceEquals(Placed, Queries) ? queries : change(Placed), change(Keys), change(Values));
        }
    }
}
