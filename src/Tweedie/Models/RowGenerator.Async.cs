using Tweedie.Sampling;

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
}
