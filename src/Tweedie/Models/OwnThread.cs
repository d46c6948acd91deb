using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Tweedie.Models;

/// <summary>Runs long computations on threads of their own, so that the threads of the pool stay free.</summary>
internal static class OwnThread
{
    /// <summary>Computes a result.</summary>
    public static Task<T> Run<T>(Func<T> work, CancellationToken cancellation) =>
        Task.Factory.StartNew(work, cancellation, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

    /// <summary>
    /// Computes a sequence, at most one item ahead of its reader. Where the reader stops early, the computation has ended when the reader goes on.
    /// </summary>
    /// <param name="work">The sequence; gets a token that ends it.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async IAsyncEnumerable<T> Stream<T>(Func<CancellationToken, IEnumerable<T>> work, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var channel = Channel.CreateBounded<T>(new BoundedChannelOptions(1) { SingleReader = true, SingleWriter = true });
        var producer = Run(Produce, CancellationToken.None);
        try
        {
            await foreach (var item in channel.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
                yield return item;
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            _ = await producer.ConfigureAwait(false);
        }

        bool Produce()
        {
            try
            {
                foreach (var item in work(stop.Token))
                    channel.Writer.WriteAsync(item, stop.Token).AsTask().GetAwaiter().GetResult(); // this thread may wait
                channel.Writer.Complete();
            }
            catch (OperationCanceledException error)
            {
                channel.Writer.Complete(cancellation.IsCancellationRequested ? new OperationCanceledException(error.Message, error, cancellation) : error);
            }
            catch (Exception error)
            {
                channel.Writer.Complete(error); // the reader throws it
            }
            return true;
        }
    }
}
