using System.Diagnostics;
using System.Globalization;
using Tweedie.Platform;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Bench;

/// <summary>
/// The sum of as many gradients as a ViT-B/16 has over two processes: by this library, and by Open MPI in C (<c>bench/peers/all_reduce.c</c>, which <c>mpicc</c>
/// compiles), in turns; in float32, and by this library in bfloat16 too. Argument: how many numbers, if not as many.
/// </summary>
internal static class AllReduceBenchmark
{
    private const string Member = "member"; // the argument of a process that sums
    private const int Processes = 2;
    private const int Rounds = 5; // of new processes
    private const int Sums = 7; // in each process

    public static void Run(string[] arguments)
    {
        if (arguments is [Member, var numbers])
        {
            Sum(int.Parse(numbers, CultureInfo.InvariantCulture));
            return;
        }
        var count = arguments is [var text] ? text : "86567656";
        var folder = Directory.CreateTempSubdirectory("tweedie-bench-").FullName;
        try
        {
            var peer = Path.Combine(folder, "all_reduce");
            LocalMpi.Read("mpicc", ["-O3", "-o", peer, Path.Combine("bench", "peers", "all_reduce.c")]);
            string[] self = Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet" ? [Environment.ProcessPath!, Environment.GetCommandLineArgs()[0]] : [Environment.ProcessPath!];
            var (ours, theirs) = (new List<double[]>(), new List<double[]>());
            for (var round = 0; round < Rounds; round++)
            {
                theirs.Add(Numbers(LocalMpi.Read(Processes, peer, count, $"{Sums}")));
                ours.Add(Numbers(LocalMpi.Read(Processes, [.. self, "allreduce", Member, count])));
            }
            var (single, half) = (Median(ours, 0), Median(ours, 1));
            var (c, copies, after, atOnce) = (Median(theirs, 0), Median(theirs, 1), Median(theirs, 2), Median(theirs, 3));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
                {count} numbers over {Processes} processes, medians of {Rounds} rounds in turns, each of {Sums} sums
                  Open MPI in C            {c,8:F1} ms
                  this library             {single,8:F1} ms, {single / c:F2} times as long
                  this library, bfloat16   {half,8:F1} ms, {half / single:F2} times as long as in float32
                  four copies in memory    {copies,8:F1} ms; the sum in C takes {c / copies:F2} times as long
                  in C, the sum and then other work {after:F1} ms, both at once {atOnce:F1} ms
                """));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Prints the median time in float32 and in bfloat16.
    private static void Sum(int count)
    {
        NativeHeap.KeepFreedMemory(); // as the command line does
        set_num_threads(1);
        using var processes = OpenMpi.Join(TimeSpan.FromMinutes(5));
        double Median(ScalarType type)
        {
            using var numbers = zeros(count, type);
            var times = Enumerable.Range(0, Sums + 1).Select(_ =>
            {
                processes.Barrier();
                var watch = Stopwatch.StartNew();
                processes.Sum(numbers);
                return watch.Elapsed.TotalMilliseconds;
            }).ToList();
            return times.Skip(1).Order().ElementAt(Sums / 2); // the first one warms up
        }
        var (single, half) = (Median(ScalarType.Float32), Median(ScalarType.BFloat16));
        if (processes.Rank == 0)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{single} {half}"));
    }

    private static double[] Numbers(string line) => [.. line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(text => double.Parse(text, CultureInfo.InvariantCulture))];

    private static double Median(List<double[]> rounds, int way) => rounds.Select(times => times[way]).Order().ElementAt(rounds.Count / 2);
}
