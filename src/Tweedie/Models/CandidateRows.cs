using Tweedie.Metrics;
using static TorchSharp.torch;

namespace Tweedie.Models;

/// <summary>Several draws of rows for each of some items, of which one becomes the answer.</summary>
internal sealed class CandidateRows : IDisposable
{
    private readonly Tensor _rows; // (items, draws, N)

    /// <summary>Joins batches of draws.</summary>
    /// <param name="batches">Shapes (items·draws, N), int64, the draws of an item side by side. They are disposed of.</param>
    /// <param name="items">The number of items.</param>
    public CandidateRows(IReadOnlyList<Tensor> batches, long items)
    {
        using var scope = NewDisposeScope();
        _rows = cat([.. batches.Select(batch => batch.reshape(items, -1, batch.shape[1]))], 1).DetachFromDisposeScope();
        foreach (var batch in batches)
            batch.Dispose();
    }

    /// <summary>For each item, the row that shares most with the item's other rows (<see cref="MinimumBayesRisk"/>): shape (items, N).</summary>
    /// <param name="end">The token behind which nothing counts; null where there is none.</param>
    public Tensor MostAlike(long? end) => At([.. _rows.cpu().data<long>().ToArray().Chunk((int)_rows.shape[2]).Chunk((int)_rows.shape[1]).Select(item => (long)MinimumBayesRisk.Choose(item, end))]);

    /// <summary>For each item, the row with the highest score, the first of several that are equal: shape (items, N).</summary>
    /// <param name="score">Scores one row of each item, shape (items, N).</param>
    public Tensor Best(Func<Tensor, IReadOnlyList<double>> score)
    {
        using var scope = NewDisposeScope();
        var scores = Enumerable.Range(0, (int)_rows.shape[1]).Select(draw => score(_rows.select(1, draw).contiguous())).ToArray();
        long[] best = [.. Enumerable.Range(0, (int)_rows.shape[0]).Select(item => (long)Enumerable.Range(0, scores.Length).MaxBy(draw => scores[draw][item]))];
        return At(best).MoveToOuterDisposeScope();
    }

    public void Dispose() => _rows.Dispose();

    // For each item, the row of a draw.
    private Tensor At(long[] draws)
    {
        using var scope = NewDisposeScope();
        var places = tensor(draws, [draws.Length, 1, 1], device: _rows.device).expand(-1, -1, _rows.shape[2]);
        return _rows.gather(1, places).squeeze(1).MoveToOuterDisposeScope();
    }
}
