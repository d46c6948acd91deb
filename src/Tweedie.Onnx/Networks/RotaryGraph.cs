using static TorchSharp.torch;

namespace Tweedie.Onnx;

/// <summary>Rotary positions: the graph of <c>RotaryPositions</c>.</summary>
/// <param name="part">The head's weights, beside which the cosines and sines are stored.</param>
/// <param name="places">L.</param>
/// <param name="width">w, the width of an attention head.</param>
/// <param name="canBeShort">Whether there may be fewer tokens than places.</param>
internal sealed class RotaryGraph(NetworkPart part, long places, long width, bool canBeShort)
{
    /// <summary>Turns queries or keys: (B, heads, L, w) → the same shape.</summary>
    public Value Apply(Value tokens)
    {
        var (first, second) = (tokens.Slice(3, 0, width / 2), tokens.Slice(3, width / 2, width));
        var turned = part.Graph.Node("Concat", [second * -1f, first], ("axis", 3L));
        Value Of(Value table) => canBeShort ? table.Slice(0, part.Graph.Whole(0), tokens.Length(2)) : table;
        return tokens * Of(Table("cosines", Math.Cos)) + turned * Of(Table("sines", Math.Sin));
    }

    private Value Table(string name, Func<double, double> function) => part.Graph.Exact($"rotary {name}", () => tensor(
        [.. from place in Enumerable.Range(0, (int)places)
            from number in Enumerable.Range(0, (int)width)
            select (float)function(place * Math.Pow(10_000, -2.0 * (number % (width / 2)) / width))], [places, width]));
}
