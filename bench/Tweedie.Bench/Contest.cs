using System.Diagnostics;
using Tweedie.Platform;

namespace Tweedie.Bench;

/// <summary>
/// Times several ways of doing the same work in turn (A B C A B C …), so that a drifting machine disturbs all alike. On a shared machine,
/// processor time is what the work costs without waiting for a processor; measure it with one libtorch thread.
/// </summary>
internal static class Contest
{
    /// <summary>Prints the median time of each way and its ratio to the first one's, from pairs of the same round.</summary>
    /// <returns>The median processor times, in milliseconds.</returns>
    public static IReadOnlyList<double> Run(string title, int rounds, params (string Name, Action Work)[] ways)
    {
        foreach (var (_, work) in ways)
            work(); // warm up
        return RunWarm(title, rounds, ways);
    }

    /// <summary>The same for ways that have run before.</summary>
    public static IReadOnlyList<double> RunWarm(string title, int rounds, params (string Name, Action Work)[] ways)
    {
        var measured = ways.Select(_ => new List<(double Wall, double Processor)>()).ToArray();
        for (var round = 0; round < rounds; round++)
            for (var way = 0; way < ways.Length; way++)
            {
                var (watch, before) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
                ways[way].Work();
                measured[way].Add((watch.Elapsed.TotalMilliseconds, (Environment.CpuUsage.TotalTime - before).TotalMilliseconds));
            }
        var host = HostInfo.Read();
        Console.WriteLine($"{title}; medians of {rounds} rounds; {host.Processor}, {host.Threads} libtorch threads, libtorch {host.Libtorch}");
        for (var way = 0; way < ways.Length; way++)
        {
            var ratios = measured[0].Zip(measured[way], (first, other) => first.Processor / other.Processor);
            Console.WriteLine(FormattableString.Invariant(
                $"  {ways[way].Name,-36} {Median(measured[way].Select(time => time.Wall)),10:F2} ms, of a processor {Median(measured[way].Select(time => time.Processor)),10:F2} ms   {Median(ratios),6:F2} times as fast as the first"));
        }
        return [.. measured.Select(way => Median(way.Select(time => time.Processor)))];
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
