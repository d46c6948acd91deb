using Tweedie.Diffusion;
using Tweedie.Tokens;
using static TorchSharp.torch;

namespace Tweedie.Models;

/// <summary>Which entries each place of a row may have, where its columns have vocabularies of their own. It owns its tensor, and no dispose scope does.</summary>
/// <param name="columns">The places.</param>
/// <param name="device">Where the model is.</param>
internal sealed class ColumnConstraints(TokenColumns columns, Device device) : IDisposable
{
    private readonly Tensor? _allowed = Allowed(columns, device);

    /// <summary>The constraint of rows: their known tokens, and the entries of each place. The caller disposes of it.</summary>
    /// <param name="rows">Rows of ids; <see cref="ITokenRowSource.Missing"/> where nothing is known.</param>
    /// <exception cref="ArgumentException">A row has another length, or an id that is none of its place.</exception>
    public TokenConstraint Of(IReadOnlyList<long[]> rows) => TokenConstraint.OfRows(rows, columns.Count, columns.VocabularySize, device, _allowed);

    /// <summary>The constraint of rows of which nothing is known: null where each place may have every entry. The caller disposes of it.</summary>
    public TokenConstraint? OfOpenRows() => _allowed is null ? null : Of([[.. Enumerable.Repeat(ITokenRowSource.Missing, columns.Count)]]);

    public void Dispose() => _allowed?.Dispose();

    private static Tensor? Allowed(TokenColumns columns, Device device)
    {
        if (columns.All(column => column.Entries.Count == columns.VocabularySize))
            return null;
        using var scope = NewDisposeScope();
        var counts = tensor([.. columns.Select(column => (long)column.Entries.Count)], [columns.Count, 1], device: device);
        return (TensorArithmetic.Counting(columns.VocabularySize, int64, device).unsqueeze(0) < counts).DetachFromDisposeScope();
    }
}
