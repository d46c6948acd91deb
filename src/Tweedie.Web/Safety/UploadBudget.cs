namespace Tweedie.Web.Safety;

/// <summary>Bounds the memory that the bodies of all requests take together while they are read.</summary>
internal sealed class UploadBudget(TweedieWebOptions options)
{
    private long _taken;

    /// <summary>Takes memory until the lease is disposed of.</summary>
    /// <param name="bytes">How much.</param>
    /// <exception cref="WebProblem">So much is not free now.</exception>
    public IDisposable Take(long bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= options.Limits.UploadBytes)
            return new Lease(this, bytes);
        Interlocked.Add(ref _taken, -bytes);
        throw new WebProblem(429, "Too many requests", "Too many uploads are under way; send it again.") { RetryAfter = 1 };
    }

    private sealed class Lease(UploadBudget budget, long bytes) : IDisposable
    {
        private long _bytes = bytes;

        public void Dispose() => Interlocked.Add(ref budget._taken, -Interlocked.Exchange(ref _bytes, 0));
    }
}
