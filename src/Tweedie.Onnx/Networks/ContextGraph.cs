namespace Tweedie.Onnx;

/// <summary>Keys and values of condition tokens in one block, each of shape (B, heads, M, d/heads).</summary>
/// <param name="Keys">The keys.</param>
/// <param name="Values">The values.</param>
internal sealed record ContextGraph(Value Keys, Value Values);
