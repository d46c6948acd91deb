using Tweedie.Diffusion;
using Tweedie.Tokens;
using static TorchSharp.torch;

namespace Tweedie.Models;

/// <summary>Makes constraints of rows of ids.</summary>
internal static class KnownRows
{
    /// <summary>The constraint of rows: their known tokens, and the entries that each place may have. The caller disposes of it.</summary>
    /// <param name="rows">Rows of ids; <see cref="ITokenRowSource.Missing"/> where nothing is known.</param>
    /// <param name="length">N.</param>
    /// <param name="classes">K.</param>
    /// <param name="device">Where the model is.</param>
    /// <param name="allowed">Which entries each place may have, shape (N, K), bool; null allows all.</param>
    /// <exception cref="ArgumentException">A row has another length, or an id that is none of its place.</exception>
    public static TokenConstraint Constrain(IReadOnlyList<long[]> rows, int length, long classes, Device device, Tensor? allowed = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.FirstOrDefault(row => row.Length != length) is { } wrong)
            throw new ArgumentException($"A row has {wrong.Length} tokens, and the model {length}.", nameof(rows));
        using var scope = NewDisposeScope();
        var tokens = tensor([.. rows.SelectMany(row => row)], [rows.Count, length], device: device);
        return new TokenConstraint(tokens, tokens.Is(ITokenRowSource.Missing).logical_not(), classes, allowed);
    }
}
