using Tweedie.Tokens;
using static TorchSharp.torch;

namespace Tweedie.Tensors;

/// <summary>Reads rows of tokens as tensors.</summary>
internal static class RowTensors
{
    /// <summary>Reads whole rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="indices">Which rows.</param>
    /// <returns>The tokens, shape (B, N), int64, and which of them the data say are known, shape (B, N), bool; null where the data do not say it.</returns>
    /// <exception cref="TweedieException">A row has a token that the data do not tell.</exception>
    public static (Tensor Tokens, Tensor? Known) Read(ITokenRowSource rows, long epoch, IReadOnlyList<int> indices)
    {
        var (tokens, known) = (new long[indices.Count * rows.Length], new bool[indices.Count * rows.Length]);
        for (var i = 0; i < indices.Count; i++)
            rows.Read(epoch, indices[i], tokens.AsSpan(i * rows.Length, rows.Length), known.AsSpan(i * rows.Length, rows.Length));
        if (Array.IndexOf(tokens, ITokenRowSource.Missing) is >= 0 and var place)
            throw new TweedieException(
                $"'{rows.Name}': row {indices[place / rows.Length] + 1} has no token at place {place % rows.Length + 1}; training and measuring need whole rows: leave it out or give the solution.");
        return (tensor(tokens, [indices.Count, rows.Length]), rows.HasKnown ? tensor(known, [indices.Count, rows.Length]) : null);
    }

    /// <summary>Indices that are spread evenly over rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="most">The most indices.</param>
    public static int[] Spread(ITokenRowSource rows, int most)
    {
        var count = Math.Min(most, rows.Count);
        return [.. Enumerable.Range(0, count).Select(i => (int)((long)i * rows.Count / count))];
    }
}
