using static TorchSharp.torch;

namespace Tweedie.Networks;

/// <summary>Keys and values of context tokens in one block, computed once and attended to many times.</summary>
/// <param name="Keys">Shape (B, heads, M, d/heads).</param>
/// <param name="Values">Shape (B, heads, M, d/heads).</param>
/// <param name="Multiplicity">
/// How many equal tokens each of the M stands for: attention to m equal keys is attention to one key whose score is raised by log m.
/// </param>
/// <param name="Other">
/// The context of the second half of the items, such as the null condition beside the condition, so that both go through the blocks together. Null where all
/// items have this one.
/// </param>
internal sealed record KeyValues(Tensor Keys, Tensor Values, long Multiplicity = 1, KeyValues? Other = null)
{
    /// <summary>The same change to keys and values.</summary>
    public KeyValues Map(Func<Tensor, Tensor> change) => this with { Keys = change(Keys), Values = change(Values) };
}
