using System.Diagnostics;
using System.Text.Json;

namespace Tweedie.Bench;

/// <summary>
/// Images per second of a training in one process of two threads and in two processes of one thread, by the program itself and in turns. Arguments: the built
/// program (<c>Tweedie.Cli</c>) and configs.
/// </summary>
internal static class ProcessesBenchmark
{
    private const int Rounds = 3;
    private const int Seconds = 60;

    public static void Run(string[] arguments)
    {
        foreach (var config in arguments[1..])
        {
            var (threads, processes) = (new List<double>(), new List<double>());
            for (var round = 0; round < Rounds; round++)
            {
                threads.Add(Speed(arguments[0], config, "--threads", "2"));
                processes.Add(Speed(arguments[0], config, "--processes", "2"));
            }
            var (one, two) = (Median(threads), Median(processes));
            Console.WriteLine(FormattableString.Invariant(
                $"{Path.GetFileNameWithoutExtension(config)}: {one:F1} images/s in one process of two threads, {two:F1} in two processes of one thread: {two / one:F2} times"));
        }
    }

    // The median over the lines of the log after the first, which includes the start.
    private static double Speed(string program, string config, params string[] options)
    {
        var folder = Directory.CreateTempSubdirectory("tweedie-bench-").FullName;
        try
        {
            using var training = Process.Start(new ProcessStartInfo(program,
                ["train", "--config", config, "--out", Path.Combine(folder, "run"), "--max-time", $"{Seconds}s", "--set", "training.logEvery=5", .. options])
            { RedirectStandardOutput = true })!;
            training.StandardOutput.ReadToEnd();
            training.WaitForExit();
            return Median([.. File.ReadLines(Path.Combine(folder, "run", "metrics.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)
                .Where(line => line.TryGetProperty("imagesPerSecond", out _)).Skip(1).Select(line => line.GetProperty("imagesPerSecond").GetDouble())]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Median(List<double> values) => values.Count == 0 ? double.NaN : values.Order().ElementAt(values.Count / 2);
}
