using Tweedie.Sampling;
using Tweedie.Tokens;

namespace Tweedie.Models;

/// <content>Rows from threads of their own.</content>
public sealed partial class RowGenerator
{
    /// <summary>Draws new rows on a thread of its own, outside of the pool.</summary>
    /// <inheritdoc cref="Generate"/>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Task<IReadOnlyList<long[]>> GenerateAsync(int count, SamplingOptions? sampling = null, CancellationToken cancellation = default) =>
        OwnThread.Run(() => Generate(count, sampling, cancellation), cancellation);

    /// <summary>Fills in rows on a thread of its own, outside of the pool.</summary>
    /// <inheritdoc cref="Fill"/>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Task<IReadOnlyList<long[]>> FillAsync(IReadOnlyList<long[]> rows, SamplingOptions? sampling = null, CancellationToken cancellation = default) =>
        OwnThread.Run(() => Fill(rows, sampling, cancellation), cancellation);

    /// <summary>The steps in which rows are filled in. They are computed on a thread of their own, at most one step ahead of the reader.</summary>
    /// <param name="rows">Rows of ids, at least one; <see cref="ITokenRowSource.Missing"/> where a token is to be filled in.</param>
    /// <param name="top">How many entries each place of a step lists, at least 0.</param>
    /// <param name="sampling">How to sample; null takes the generator's defaults.</param>
    /// <param name="cancellation">Ends the stream before the next step.</param>
    /// <exception cref="TweedieException">An option is out of range, or asks for what the model cannot do.</exception>
    /// <exception cref="ArgumentException">There is no row, a row has another length, or an id that is none of its place.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IAsyncEnumerable<StepSnapshot> DenoiseAsync(IReadOnlyList<long[]> rows, int top = 0, SamplingOptions? sampling = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentOutOfRangeException.ThrowIfZero(rows.Count);
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        return OwnThread.Stream(Steps, cancellation);

        IEnumerable<StepSnapshot> Steps(CancellationToken stop)
        {
            using var constraint = Constrain(rows);
            using var nothing = Model.Unconditional(rows.Count).DetachFromDisposeScope();
            foreach (var step in Model.Denoise(nothing, sampling, constraint, stop))
                yield return step.Snapshot(top);
        }
    }
}
