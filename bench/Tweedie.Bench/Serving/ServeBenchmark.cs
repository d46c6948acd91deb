using System.Diagnostics;
using Tweedie.Web;
using static TorchSharp.torch;

namespace Tweedie.Bench.Serving;

/// <summary>
/// A server under load on this machine: 1 to 256 clients, each of which asks again as soon as it is answered. Batches of waiting requests are compared with one request at a
/// time, for a classifier and a captioner of the demo's size. At the end, more clients ask than the queue takes: then there are refusals, and neither errors nor late answers.
/// </summary>
internal static class ServeBenchmark
{
    private static readonly int[] Clients = [1, 4, 16, 32, 64, 256];

    /// <summary>Runs it.</summary>
    /// <param name="arguments">The seconds of each load; 5 if there are none.</param>
    public static void Run(string[] arguments)
    {
        set_num_threads(1);
        var seconds = arguments is [var text, ..] ? double.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : 5;
        var folder = Directory.CreateTempSubdirectory("tweedie-serve-").FullName;
        try
        {
            SmallModels.Save(folder);
            RunAsync(folder, TimeSpan.FromSeconds(seconds)).GetAwaiter().GetResult();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task RunAsync(string folder, TimeSpan time)
    {
        foreach (var (model, task) in new[] { ("classifier", "classify"), ("captioner", "caption") })
        {
            Console.WriteLine($"{model}, 20 steps, {time.TotalSeconds} s each");
            Console.WriteLine("  clients   batches: requests/s      p50 ms      p99 ms   one by one: requests/s      p50 ms      p99 ms   ratio   memory MB");
            foreach (var clients in Clients)
            {
                var joined = await LoadAsync(folder, model, task, clients, batchSize: 32, queue: 512, time);
                var single = await LoadAsync(folder, model, task, clients, batchSize: 1, queue: 512, time);
                Console.WriteLine(FormattableString.Invariant(
                    $"  {clients,7}   {joined.PerSecond,20:F1}  {joined.P50,10:F1}  {joined.P99,10:F1}   {single.PerSecond,22:F1}  {single.P50,10:F1}  {single.P99,10:F1}   {joined.PerSecond / single.PerSecond,5:F2}   {Process.GetCurrentProcess().WorkingSet64 / 1e6,9:F0}"));
            }
            var overload = await LoadAsync(folder, model, task, 256, batchSize: 32, queue: 32, time);
            Console.WriteLine($"  256 clients and a queue of 32: {string.Join(", ", overload.Statuses.OrderBy(status => status.Key).Select(status => $"{status.Value} × {status.Key}"))}");
        }
    }

    private static async Task<Outcome> LoadAsync(string folder, string model, string task, int clients, int batchSize, int queue, TimeSpan time)
    {
        await using var app = TweedieServer.Create(options =>
        {
            options.Models.Add(new(Path.Combine(folder, model)));
            (options.BatchSize, options.QueueLength) = (batchSize, queue);
        }, ["http://127.0.0.1:0"]);
        await app.StartAsync();
        using var client = new ImageClient(new(app.Urls.First()), clients);
        var path = $"/api/models/{model}/{task}";
        _ = await client.AskAsync(path); // the first call compiles
        var (start, times, statuses) = (Stopwatch.GetTimestamp(), new List<double>(), new Dictionary<int, int>());
        await Task.WhenAll(Enumerable.Range(0, clients).Select(async _ =>
        {
            while (Stopwatch.GetElapsedTime(start) < time)
            {
                var asked = Stopwatch.GetTimestamp();
                var (status, _) = await client.AskAsync(path);
                lock (times)
                {
                    statuses[status] = statuses.GetValueOrDefault(status) + 1;
                    if (status == 200)
                        times.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
                }
            }
        }));
        var took = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await app.StopAsync();
        times.Sort();
        return new(times.Count / took, times[times.Count / 2], times[(int)(0.99 * (times.Count - 1))], statuses);
    }

    private sealed record Outcome(double PerSecond, double P50, double P99, IReadOnlyDictionary<int, int> Statuses);
}
