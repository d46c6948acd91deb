
namespace Tweedie.Onnx;

/// <summary>Multi-head self-attention: the graph of <c>SelfAttention</c>.</summary>
/// <param name="part">The layer's weights.</param>
/// <param name="heads">Attention heads.</param>
internal sealed class AttentionGraph(NetworkPart part, int heads)
{
    private long Width => part.Tensor("proj.weight").shape[0];

    private float Scale => (float)Math.Pow((double)Width / heads, -0.5);

    /// <summary>Queries, keys and values of tokens (B, L, d), each of shape (B, heads, L, d/heads).</summary>
    public (Value Queries, Value Keys, Value Values) Project(Value tokens)
    {
        var parts = Split(part.LargeLinear(tokens, "qkv"), 3);
        return (parts[0], parts[1], parts[2]);
    }

    /// <summary>Keys and values of tokens (B, M, d), without their queries.</summary>
    public ContextGraph KeysAndValues(Value tokens)
    {
        var parts = Split(part.LargeLinear(tokens, "qkv", Width, 2 * Width), 2);
        return new(parts[0], parts[1]);
    }

    /// <summary>Tokens (B, L, d) attend to themselves.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="isCausal">Whether a token sees only itself and those before it.</param>
    public Value Attend(Value tokens, bool isCausal = false)
    {
        var (queries, keys, values) = Project(tokens);
        return Mix(queries, keys, values, isCausal);
    }

    /// <summary>Tokens (B, L, d) attend to a context and to themselves.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="context">Keys and values of the context.</param>
    /// <param name="isCausal">Whether a token sees, of the tokens, only itself and those before it.</param>
    /// <param name="rotation">Turns the tokens' queries and keys by their places; null where places are told otherwise.</param>
    public Value Attend(Value tokens, ContextGraph context, bool isCausal = false, RotaryGraph? rotation = null)
    {
        var (queries, keys, values) = Project(tokens);
        if (rotation is null)
            return Mix(queries, Joined(context.Keys, keys), Joined(context.Values, values), isCausal);

        // The context, which has no places, meets the queries as they are, and the tokens meet them turned: both in one product of twice the width, half of it zeros.
        return Mix(Beside(queries, rotation.Apply(queries)), Joined(Beside(context.Keys, context.Keys * 0f), Beside(keys * 0f, rotation.Apply(keys))),
            Joined(context.Values, values), isCausal);
    }

    /// <summary>The output for queries, keys and values: (B, L, d).</summary>
    public Value Mix(Value queries, Value keys, Value values, bool isCausal)
    {
        Value[] later = isCausal ? [Later(queries, keys)] : [];
        var mixed = part.Graph.Opset >= 23 ? part.Graph.Node("Attention", [queries, keys, values, .. later], ("scale", Scale))
            : later.Aggregate((queries * Scale).Times(keys.Transpose(0, 1, 3, 2)), (scores, mask) => scores + mask).Softmax().Times(values);
        return part.LargeLinear(mixed.Transpose(0, 2, 1, 3).Reshape(0, 0, Width), "proj");
    }

    // Minus a great number where a key's token comes later than the one that looks: (L, keys). The last L keys are those of the tokens themselves.
    private static Value Later(Value queries, Value keys)
    {
        var graph = queries.Graph;
        Value Last(Value of) => graph.Node("Squeeze", of.Length(2));
        var (length, all) = (Last(queries), Last(keys));
        var (own, seen) = (graph.Node("Range", graph.Index(0), length, graph.Index(1)), graph.Node("Range", length - all, length, graph.Index(1)));
        var isLater = graph.Node("Less", own.Unsqueeze(1), seen.Unsqueeze(0));
        return isLater.To(global::Onnx.TensorProto.Types.DataType.Float) * -1e9f;
    }

    private Value Beside(Value first, Value second) => part.Graph.Node("Concat", [first, second], ("axis", 3L));

    private Value Joined(Value context, Value own) => part.Graph.Node("Concat", [context, own], ("axis", 2L));

    // (B, L, parts·d) → parts × (B, heads, L, d/heads)
    private Value[] Split(Value stacked, int parts)
    {
        var byHead = stacked.Reshape(0, 0, parts, heads, Width / heads).Transpose(2, 0, 3, 1, 4);
        return [.. Enumerable.Range(0, parts).Select(index => byHead.Select(0, index))];
    }
}
