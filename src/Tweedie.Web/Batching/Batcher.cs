using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Tweedie.Web.Batching;

/// <summary>
/// The gate of a model: one thread of its own, which computes what waits. Jobs of one key are computed together, up to a number of trajectories. A free thread waits for
/// further jobs as long as it is allowed to, but only where a job had company lately: whoever asks alone never waits for others. Jobs that nobody waits for any more are dropped.
/// </summary>
internal sealed class Batcher
{
    private readonly object _lock = new();
    private readonly LinkedList<Job> _waiting = [];
    private readonly TweedieWebOptions _options;
    private readonly string _model;
    private readonly ILogger _log;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private double _secondsPerRow = 0.05; // until the first batch has told
    private long _free = Stopwatch.GetTimestamp(); // since when the thread computes nothing
    private bool _hadCompany; // whether the last batch had several jobs, or others came while it was computed
    private bool _isClosed;

    /// <summary>Starts the thread.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="options">Size and wait of batches, and the length of the queue.</param>
    /// <param name="log">The log.</param>
    /// <param name="release">Releases the model on the thread, when it has been closed and nothing waits.</param>
    public Batcher(string model, TweedieWebOptions options, ILogger log, Action release)
    {
        (_model, _options, _log) = (model, options, log);
        new Thread(() => Work(release)) { IsBackground = true, Name = $"Tweedie {model}" }.Start();
    }

    /// <summary>Ends after the thread.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Jobs that wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
                return _waiting.Count;
        }
    }

    /// <summary>After how many seconds it is worth asking again when the queue is full.</summary>
    public int SecondsUntilRoom
    {
        get
        {
            lock (_lock)
                return (int)Math.Clamp(Math.Ceiling(_secondsPerRow * _waiting.Sum(job => job.Rows) / 2), 1, 60);
        }
    }

    /// <summary>Lets jobs wait, all or none of them.</summary>
    /// <returns>False where the queue has no room for them.</returns>
    /// <exception cref="ObjectDisposedException">The gate is closed.</exception>
    public bool TryAdd(IReadOnlyList<Job> jobs)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            DropGone();
            if (_waiting.Count + jobs.Count > _options.QueueLength)
                return false;
            foreach (var job in jobs)
                _waiting.AddLast(job);
            Monitor.PulseAll(_lock);
            return true;
        }
    }

    /// <summary>Lets the thread end when nothing waits any more.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            Monitor.PulseAll(_lock);
        }
    }

    private void Work(Action release)
    {
        try
        {
            while (Next() is { } batch)
                Compute(batch);
        }
        finally
        {
            release();
            _ended.SetResult();
        }
    }

    // The next batch; null when the gate is closed and nothing waits.
    private List<Job>? Next()
    {
        lock (_lock)
        {
            while (true)
            {
                DropGone();
                if (_waiting.First?.Value is not { } first)
                {
                    if (_isClosed)
                        return null;
                    Monitor.Wait(_lock);
                    continue;
                }
                var batch = Joined(first);
                var left = _options.BatchWait - Stopwatch.GetElapsedTime(Math.Max(first.Since, _free));
                if (_hadCompany && left > TimeSpan.Zero && !_isClosed && batch.Sum(job => job.Rows) < _options.BatchSize)
                {
                    Monitor.Wait(_lock, left);
                    continue; // others may have come or gone
                }
                foreach (var job in batch)
                    _waiting.Remove(job);
                return batch;
            }
        }
    }

    // The first job, and those of its key for which a batch has room.
    private List<Job> Joined(Job first)
    {
        var (batch, rows, key) = (new List<Job>(), 0, first.Key);
        foreach (var job in _waiting)
        {
            if (!job.Key.Equals(key))
                continue;
            rows += job.Rows;
            if (batch.Count > 0 && rows > _options.BatchSize)
                break;
            batch.Add(job);
        }
        return batch;
    }

    private void DropGone()
    {
        for (var node = _waiting.First; node is not null;)
        {
            var next = node.Next;
            if (node.Value.IsGone)
            {
                _waiting.Remove(node);
                node.Value.Fail(new OperationCanceledException());
            }
            node = next;
        }
    }

    private void Compute(List<Job> batch)
    {
        var (start, rows) = (Stopwatch.GetTimestamp(), batch.Sum(job => job.Rows));
        WebTelemetry.Batch(_model, rows, Stopwatch.GetElapsedTime(batch[0].Since, start));
        try
        {
            batch[0].Compute(batch);
        }
        catch (Exception error) // of one batch; the thread serves the next
        {
            if (error is not (TweedieException or OperationCanceledException))
                Log.BatchFailed(_log, _model, error);
            foreach (var job in batch)
                job.Fail(error);
        }
        lock (_lock)
        {
            _secondsPerRow = 0.8 * _secondsPerRow + 0.2 * Stopwatch.GetElapsedTime(start).TotalSeconds / rows;
            (_free, _hadCompany) = (Stopwatch.GetTimestamp(), batch.Count + _waiting.Count > 1);
        }
    }
}
