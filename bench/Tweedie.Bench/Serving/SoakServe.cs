using System.Collections.Concurrent;
using System.Diagnostics;

namespace Tweedie.Bench.Serving;

/// <summary>
/// A server over a long time: clients that ask all the time, clients that mean harm, and twice 10,000 connections at once. It says what came of each, and how memory went. It
/// fails where a good client had another answer than a result or a refusal, where a hostile one had another than the right ones, or where memory grew.
/// </summary>
internal static class SoakServe
{
    private const int Clients = 16, Connections = 10_000;
    private const double Growth = 1.1; // of the mean memory of the last quarter to that of the second: the first still fills pools
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(15);

    /// <summary>Runs it.</summary>
    /// <param name="minutes">How long.</param>
    /// <returns>0 if all was right.</returns>
    public static async Task<int> RunAsync(double minutes)
    {
        var folder = Directory.CreateTempSubdirectory("tweedie-soak-").FullName;
        try
        {
            SmallModels.Save(folder);
            using var server = new ServerProcess(folder);
            var run = new Soak(server, TimeSpan.FromMinutes(minutes));
            await run.RunAsync();
            return run.Judge();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed class Soak(ServerProcess server, TimeSpan time)
    {
        private readonly long _start = Stopwatch.GetTimestamp();
        private readonly ConcurrentDictionary<string, int> _good = new(), _hostile = new(), _wrong = new();
        private readonly List<double> _memory = [];

        private bool IsOver => Stopwatch.GetElapsedTime(_start) >= time || !server.IsAlive;

        public async Task RunAsync()
        {
            Console.WriteLine("   seconds   memory MB   files   answers   hostile");
            var hostile = new HostileClient(server.Address);
            await Task.WhenAll([
                WatchAsync(), FloodAsync(),
                .. Enumerable.Range(0, Clients).Select(AskAsync),
                .. hostile.Attempts.Select(attempt => AttackAsync(attempt.Name, attempt.Try, attempt.Right)),
            ]);
        }

        public int Judge()
        {
            var ended = server.IsAlive ? server.Stop() : -1;
            Write("clients", _good);
            Write("hostile clients", _hostile);
            Write("wrong", _wrong);
            var quarter = _memory.Count / 4;
            var (early, late) = quarter == 0 ? (1, 1) : (_memory[quarter..(2 * quarter)].Average(), _memory[^quarter..].Average());
            var isFlat = late <= Growth * early;
            Console.WriteLine(FormattableString.Invariant($"memory: {early:F0} MB in the second quarter, {late:F0} MB in the last: {late / early:F3} times{(isFlat ? "" : "; it grows")}"));
            Console.WriteLine($"the server {(ended == 0 ? "ended when it was asked to" : $"ended with {ended}")}");
            return _wrong.IsEmpty && isFlat && ended == 0 ? 0 : 1;
        }

        private static void Write(string who, ConcurrentDictionary<string, int> outcomes) =>
            Console.WriteLine($"{who}: {(outcomes.IsEmpty ? "nothing" : string.Join(", ", outcomes.OrderBy(outcome => outcome.Key, StringComparer.Ordinal).Select(outcome => $"{outcome.Value} × {outcome.Key}")))}");

        private async Task WatchAsync()
        {
            while (!IsOver)
            {
                await Task.Delay(Period < time / 8 ? Period : time / 8);
                _memory.Add(server.Memory);
                Console.WriteLine(FormattableString.Invariant($"   {Stopwatch.GetElapsedTime(_start).TotalSeconds,7:F0}   {_memory[^1],9:F0}   {server.Files,5}   {_good.Values.Sum(),7}   {_hostile.Values.Sum(),7}"));
            }
        }

        // Labels, captions, and streams of captions.
        private async Task AskAsync(int number)
        {
            using var client = new ImageClient(server.Address, 1, ServerProcess.Key);
            var (path, asStream) = (number % 2 == 0 ? "/api/models/classifier/classify" : "/api/models/captioner/caption", number % 4 == 3);
            while (!IsOver)
                await CountAsync(_good, asStream ? "stream" : path[(path.LastIndexOf('/') + 1)..], async () =>
                {
                    var (status, isWhole) = await client.AskAsync(path, asStream);
                    return status == 200 && !isWhole ? "200 without a result" : $"{status}";
                }, ["200", "429"]);
        }

        private async Task AttackAsync(string name, Func<Task<string>> attempt, string[] right)
        {
            while (!IsOver)
            {
                await CountAsync(_hostile, name, attempt, right);
                await Task.Delay(200);
            }
        }

        // Twice as many connections as most servers ever see; while they are open, others are answered.
        private async Task FloodAsync()
        {
            foreach (var share in new[] { 0.3, 0.7 })
            {
                var wait = time * share - Stopwatch.GetElapsedTime(_start);
                await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
                await CountAsync(_hostile, $"{Connections} connections", async () =>
                {
                    using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
                    using var connections = await IdleConnections.OpenAsync(server.Address.Port, Connections, patience.Token);
                    using var client = new ImageClient(server.Address, 1, ServerProcess.Key);
                    using var live = await client.Http.GetAsync("/health/live", patience.Token);
                    var (status, _) = await client.AskAsync("/api/models/classifier/classify");
                    Console.WriteLine($"   {connections.Count} connections are open; the server has {server.Files} files and {server.Memory:F0} MB, and answers {(int)live.StatusCode} and {status}");
                    return status == 429 ? "200" : $"{status}";
                }, ["200"]);
            }
        }

        private async Task CountAsync(ConcurrentDictionary<string, int> outcomes, string name, Func<Task<string>> ask, string[] right)
        {
            string outcome;
            try
            {
                outcome = await ask();
            }
            catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException or System.Net.Sockets.SocketException)
            {
                outcome = error.GetType().Name;
            }
            outcomes.AddOrUpdate($"{name} {outcome}", 1, (_, count) => count + 1);
            if (!right.Contains(outcome))
                _wrong.AddOrUpdate($"{name} {outcome}", 1, (_, count) => count + 1);
        }
    }
}
