using System.Diagnostics;
using Tweedie.Storage;

namespace Tweedie.Experiments.Cells;

/// <summary>
/// Finishes cells, in their order. Other processes may work in the same folder at the same time. Each process takes a model, does all of its cells, and
/// leaves alone the models that other processes hold.
/// </summary>
internal sealed class CellWorker(
    CellStore store, ReproductionFolder folder, CellContext context, IProgress<CellProgress>? progress, CancellationToken cancellation)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Returns when all cells are finished, here or elsewhere.</summary>
    public void Finish(IReadOnlyList<ICell> cells)
    {
        var models = cells.Index().GroupBy(entry => CellStore.Key(entry.Item.Model), (model, entries) => (Model: model, Cells: entries.ToList())).ToList();
        while (models.Count > 0)
        {
            if (models.RemoveAll(model => TryFinish(model.Model, model.Cells, cells.Count)) == 0)
                cancellation.WaitHandle.WaitOne(Patience);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private bool TryFinish(string model, IReadOnlyList<(int Index, ICell Item)> cells, int count)
    {
        if (!cells.SelectMany(cell => cell.Item.Needs).All(needed => store.Has(needed) || CellStore.Key(needed.Model) == model))
            return false;
        using var held = LockFile.TryHold(folder.Lock(model));
        if (held is null)
            return false;
        foreach (var (index, cell) in cells)
        {
            cancellation.ThrowIfCancellationRequested();
            var report = new CellProgress(index + 1, count, cell.Title, null);
            var (had, watch) = (store.Has(cell), Stopwatch.StartNew());
            if (!had)
                progress?.Report(report);
            cell.Finish(store, context, cancellation);
            progress?.Report(report with { Taken = had ? TimeSpan.Zero : watch.Elapsed });
        }
        return true;
    }
}
