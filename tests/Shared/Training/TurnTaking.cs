using System.Runtime.ExceptionServices;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Tests.Training;

/// <summary>
/// Processes that train together, as threads of this one. They take turns: only one works at a time, until it waits for the others, because all of them use
/// torch's one global generator.
/// </summary>
internal static class TurnTaking
{
    /// <summary>Runs each process to its end.</summary>
    /// <param name="size">The number of processes.</param>
    /// <param name="work">What a process does.</param>
    /// <param name="connect">Connects a rank with the others; by default this class does.</param>
    /// <returns>What each of them has returned, by rank.</returns>
    public static T[] Run<T>(int size, Func<ICollective, T> work, Func<int, ICollective>? connect = null)
    {
        var (results, meeting) = (new T[size], new Meeting(size));
        var errors = new Exception?[size];
        var threads = Enumerable.Range(0, size).Select(rank => new Thread(() =>
        {
            var connected = connect?.Invoke(rank);
            using var _ = connected as IDisposable;
            lock (meeting)
            {
                try
                {
                    set_num_threads(1);
                    results[rank] = work(connected is null ? new Process(rank, meeting) : new Waiting(connected, meeting));
                }
                catch (Exception error)
                {
                    errors[rank] = error;
                }
                meeting.Leave();
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        if (errors.OfType<Exception>().OrderBy(error => error is OtherProcessException or PeerLeftException).FirstOrDefault() is { } first)
            ExceptionDispatchInfo.Throw(first);
        return results;
    }

    /// <summary>A process has ended while another one waits for it.</summary>
    public sealed class PeerLeftException() : Exception("another process has ended");

    private sealed class Process(int rank, Meeting meeting) : ICollective
    {
        public string Name => "turns";

        public int Rank => rank;

        public int Size => meeting.Size;

        public void Sum(Tensor flat)
        {
            using var scope = NewDisposeScope();
            var all = meeting.Exchange(rank, flat.to(float32).data<float>().ToArray());
            flat.copy_(all.Select(values => tensor(values).to(flat.dtype)).Aggregate((sum, other) => sum.Plus(other)));
        }

        public void Broadcast(Tensor flat) => Set(flat, meeting.Exchange(rank, flat.data<float>().ToArray())[0]);

        public IReadOnlyList<byte[]> Gather(byte[] message) => meeting.Exchange(rank, message);

        public void Barrier() => meeting.Exchange(rank, 0);

        private static void Set(Tensor flat, float[] values)
        {
            using var all = tensor(values);
            flat.copy_(all);
        }
    }

    // Lets the others work while another collective waits for them.
    private sealed class Waiting(ICollective inner, object turn) : ICollective
    {
        public string Name => inner.Name;

        public int Rank => inner.Rank;

        public int Size => inner.Size;

        public void Sum(Tensor flat) => Wait(() => inner.Sum(flat));

        public void Broadcast(Tensor flat) => Wait(() => inner.Broadcast(flat));

        public IReadOnlyList<byte[]> Gather(byte[] message)
        {
            IReadOnlyList<byte[]> all = [];
            Wait(() => all = inner.Gather(message));
            return all;
        }

        public void Barrier() => Wait(inner.Barrier);

        private void Wait(Action call)
        {
            Monitor.Exit(turn);
            try
            {
                call();
            }
            finally
            {
                Monitor.Enter(turn);
            }
        }
    }

    private sealed class Meeting(int size)
    {
        private object[] _here = new object[size];
        private object[] _last = [];
        private int _arrived;
        private int _number;
        private bool _left;

        public int Size => size;

        public IReadOnlyList<T> Exchange<T>(int rank, T value) where T : notnull
        {
            _here[rank] = value;
            if (++_arrived == size)
            {
                (_last, _here, _arrived) = (_here, new object[size], 0);
                _number++;
                Monitor.PulseAll(this);
                return [.. _last.Cast<T>()];
            }
            for (var number = _number; number == _number;)
            {
                if (_left)
                    throw new PeerLeftException();
                Monitor.Wait(this);
            }
            return [.. _last.Cast<T>()];
        }

        public void Leave()
        {
            _left = true;
            Monitor.PulseAll(this);
        }
    }
}
