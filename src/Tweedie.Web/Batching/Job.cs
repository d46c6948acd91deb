using System.Diagnostics;

namespace Tweedie.Web.Batching;

/// <summary>Work that waits for a model's thread.</summary>
/// <param name="cancellation">Says that nobody waits for it any more.</param>
internal abstract class Job(CancellationToken cancellation)
{
    /// <summary>When it began to wait.</summary>
    public long Since { get; } = Stopwatch.GetTimestamp();

    /// <summary>Jobs with equal keys can be computed together.</summary>
    public abstract object Key { get; }

    /// <summary>The trajectories that it adds to a batch.</summary>
    public abstract int Rows { get; }

    /// <summary>Whether nobody waits for it any more.</summary>
    public bool IsGone => cancellation.IsCancellationRequested;

    /// <summary>Computes jobs of one key, and completes each.</summary>
    /// <param name="batch">The jobs; this is the first.</param>
    public abstract void Compute(IReadOnlyList<Job> batch);

    /// <summary>Ends it without a result.</summary>
    /// <param name="error">Why.</param>
    public abstract void Fail(Exception error);
}
