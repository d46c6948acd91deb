using System.Diagnostics;
using System.Globalization;
using Tweedie.Tests.Hostile;

namespace Tweedie.Tests.Training;

/// <summary>
/// Checks resident memory over a long training with its evaluations and checkpoints. This takes a quarter of a minute by default;
/// <c>TWEEDIE_SOAK_MINUTES</c> makes it longer.
/// </summary>
[Collection(GlobalState.Name)]
public sealed class SoakTests(ITestOutputHelper output) : IDisposable
{
    private const double Megabyte = 1 << 20;

    private static readonly TimeSpan Duration =
        TimeSpan.FromMinutes(double.Parse(Environment.GetEnvironmentVariable("TWEEDIE_SOAK_MINUTES") ?? "0.25", CultureInfo.InvariantCulture));

    private readonly TrainingFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Resident_memory_stays_flat()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads /proc/self/status");
        var watch = Stopwatch.StartNew();
        var samples = new List<(TimeSpan Time, long Bytes)>();
        using var stop = new CancellationTokenSource(Duration);
        var reports = new Reports(_ => samples.Add((watch.Elapsed, PeakMemory.Resident())), keep: false);
        var config = TinyRun.Config.With(training => training with { Epochs = 1_000_000, LogEvery = 10, CheckpointEpochs = 20, LearningRate = 1e-4 })
            with
        { Data = TinyRun.Config.Data with { Workers = 2 } };

        var train = () => _folder.Train(config, reports: reports, cancellation: stop.Token);
        train.Should().Throw<OperationCanceledException>();

        // The first third is a warm-up: code is compiled and pools fill.
        var early = Median(samples.Where(sample => sample.Time > Duration / 3 && sample.Time <= Duration * 2 / 3));
        var late = Median(samples.Where(sample => sample.Time > Duration * 2 / 3));
        output.WriteLine(FormattableString.Invariant(
            $"{Duration.TotalMinutes} minutes, {samples.Count} samples: {early / Megabyte:F1} MiB resident in the second third, {late / Megabyte:F1} MiB in the last"));
        (late - early).Should().BeLessThan(16 * Megabyte);
    }

    private static double Median(IEnumerable<(TimeSpan Time, long Bytes)> samples)
    {
        var sorted = samples.Select(sample => sample.Bytes).Order().ToList();
        sorted.Should().HaveCountGreaterThan(10);
        return sorted[sorted.Count / 2];
    }
}
