using System.Diagnostics;
using System.Text.Json;
using Tweedie.Training;

namespace Tweedie.Bench;

/// <summary>
/// Images per second of a training in one process of two threads, in two processes of one thread, and of two trainings of one thread that share nothing but the
/// machine, which shows what it allows. The program itself trains, in turns. Arguments: the built program (<c>Tweedie.Cli</c>), the seconds of each training (60 if
/// there is no number), and configs. It also compares what two processes reach with the model of <see cref="ProcessPlan"/>: the time of one process of one thread,
/// halved, and the measured communication.
/// </summary>
internal static class ProcessesBenchmark
{
    private const int Rounds = 3;

    public static void Run(string[] arguments)
    {
        var given = int.TryParse(arguments[1], out var seconds);
        seconds = given ? seconds : 60;
        foreach (var config in arguments[(given ? 2 : 1)..])
        {
            var (alone, threads, processes, shares, apart) = (new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>());
            for (var round = 0; round < Rounds; round++)
            {
                alone.Add(Measure(arguments[0], config, seconds, "--threads", "1")["imagesPerSecond"]);
                threads.Add(Measure(arguments[0], config, seconds, "--threads", "2")["imagesPerSecond"]);
                var two = Measure(arguments[0], config, seconds, "--processes", "2");
                processes.Add(two["imagesPerSecond"]);
                shares.Add(two["communicationShare"]);
                var pair = Enumerable.Range(0, 2).Select(_ => Task.Run(() => Measure(arguments[0], config, seconds, "--threads", "1"))).ToArray();
                apart.Add(pair.Sum(training => training.Result["imagesPerSecond"]));
            }
            var (one, both, shared, share, most) = (Median(alone), Median(threads), Median(processes), Median(shares), Median(apart));
            Console.WriteLine(FormattableString.Invariant(
                $"{Path.GetFileNameWithoutExtension(config)}: images/s {one:F1} in one process of one thread, {both:F1} of two threads, {shared:F1} in two processes of one thread: {shared / both:F2} and {shared / one:F2} times; two trainings that share nothing reach {most:F1}, {most / one:F2} times; communication takes {share:P0} of a step, with which the model gives {1 / (0.5 / one + share / shared):F1} images/s"));
        }
    }

    // Medians over the lines of the log after the first, which includes the start.
    private static Dictionary<string, double> Measure(string program, string config, int seconds, params string[] options)
    {
        var folder = Directory.CreateTempSubdirectory("tweedie-bench-").FullName;
        try
        {
            using var training = Process.Start(new ProcessStartInfo(program,
                ["train", "--config", config, "--out", Path.Combine(folder, "run"), "--max-time", $"{seconds}s", "--set", "training.logEvery=1", .. options])
            { RedirectStandardOutput = true })!;
            training.StandardOutput.ReadToEnd();
            training.WaitForExit();
            List<JsonElement> lines = [.. File.ReadLines(Path.Combine(folder, "run", "metrics.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)
                .Where(line => line.TryGetProperty("imagesPerSecond", out _)).Skip(1)];
            return new[] { "imagesPerSecond", "communicationShare" }.ToDictionary(
                name => name, name => Median([.. lines.Where(line => line.TryGetProperty(name, out _)).Select(line => line.GetProperty(name).GetDouble())]));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Median(List<double> values) => values.Count == 0 ? double.NaN : values.Order().ElementAt(values.Count / 2);
}
