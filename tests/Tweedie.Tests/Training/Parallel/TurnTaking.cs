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
    /// <returns>What each of them has returned, by rank.</returns>
    public static T[] Run<T>(int size, Func<ICollective, T> work)
    {
        var (results, meeting) = (new T[size], new Meeting(size));
        var errors = new Exception?[size];
        var threads = Enumerable.Range(0, size).Select(rank => new Thread(() =>
        {
            lock (meeting)
            {
                try
                {
                    set_num_threads(1);
                    results[rank] = work(new Process(rank, meeting));
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
        public int Rank => rank;

        public int Size => meeting.Size;

        public void Sum(Tensor flat)
        {
            var all = meeting.Exchange(rank, flat.data<float>().ToArray());
            Set(flat, [.. Enumerable.Range(0, all[0].Length).Select(i => all.Skip(1).Aggregate(all[0][i], (sum, other) => sum + other[i]))]);
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
