using System.Diagnostics;
using Tweedie.Platform;

namespace Tweedie.Bench;

/// <summary>Times several ways of doing the same work in turn (A B C A B C …), so that a drifting machine disturbs all alike.</summary>
internal static class Contest
{
    /// <summary>Prints the median time of each way and its ratio to the first one's, from pairs of the same round.</summary>
    /// <returns>The median times, in milliseconds.</returns>
    public static IReadOnlyList<double> Run(string title, int rounds, params (string Name, Action Work)[] ways)
    {
        foreach (var (_, work) in ways)
            work(); // warm up
        return RunWarm(title, rounds, ways);
    }

    /// <summary>The same for ways that have run before.</summary>
    public static IReadOnlyList<double> RunWarm(string title, int rounds, params (string Name, Action Work)[] ways)
    {
        var times = ways.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round < rounds; round++)
            for (var way = 0; way < ways.Length; way++)
            {
                var watch = Stopwatch.StartNew();
                ways[way].Work();
                times[way].Add(watch.Elapsed.TotalMilliseconds);
            }
        var host = HostInfo.Read();
        Console.WriteLine($"{title}; medians of {rounds} rounds; {host.Processor}, {host.Threads} libtorch threads, libtorch {host.Libtorch}");
        for (var way = 0; way < ways.Length; way++)
        {
            var ratios = times[0].Zip(times[way], (first, other) => first / other);
            Console.WriteLine(FormattableString.Invariant($"  {ways[way].Name,-36} {Median(times[way]),10:F2} ms   {Median(ratios),6:F2} times as fast as the first"));
        }
        return [.. times.Select(Median)];
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
