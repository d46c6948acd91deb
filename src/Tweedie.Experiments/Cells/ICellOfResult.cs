namespace Tweedie.Experiments.Cells;

/// <summary>A cell with the type of its result.</summary>
/// <typeparam name="TResult">What is kept.</typeparam>
public interface ICell<TResult> : ICell
{
    /// <summary>Does the work.</summary>
    TResult Run(CellContext context, CancellationToken cancellation);

    void ICell.Finish(CellStore store, CellContext context, CancellationToken cancellation) => store.Finish(this, context, cancellation);
}
