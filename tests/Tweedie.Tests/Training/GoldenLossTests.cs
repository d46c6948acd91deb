using System.Text.Json;
using Tweedie.Models;
using Tweedie.Networks;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Tests.Training;

/// <summary>
/// The losses of a 30-step training on generated data. <c>Golden/loss-30-steps.json</c> holds a curve per platform (<see cref="NumericPlatform"/>):
/// the losses are the same to the bit on a platform that has one, and nearly the same as every curve everywhere.
/// <c>TWEEDIE_UPDATE_GOLDEN=1</c> writes this platform's curve and keeps the others that are still within the tolerance.
/// </summary>
[Collection(GlobalState.Name)] // alone, because the number of threads is torch's
public sealed class GoldenLossTests(ITestOutputHelper output) : IDisposable
{
    /// <summary>The largest relative difference of a loss on another platform or with other threads.</summary>
    private const double Tolerance = 1e-5;

    private static readonly string File = Path.Combine(Shared.RepositoryRoot, "tests", "Tweedie.Tests", "Golden", "loss-30-steps.json");
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private static readonly ClassificationRun Config = TinyRun.Config with
    {
        Data = TinyRun.Config.Data with { Train = "shapes:count=320,size=32", Holdout = 0 },
        Model = new ClassifierOptions
        {
            Encoder = new VisionTransformerOptions { ImageSize = 32, PatchSize = 4, Width = 64, Depth = 2, Heads = 4 },
            Denoiser = new DenoiserOptions { Width = 64, Depth = 2, Heads = 4 },
        },
        Training = TinyRun.Config.Training with { Epochs = 3, BatchSize = 32, LearningRate = 0.02 },
    };

    private readonly int _threads = get_num_threads();

    public void Dispose() => set_num_threads(_threads);

    [Fact]
    public void The_loss_curve_is_the_golden_one()
    {
        var losses = Losses(threads: 1);
        if (Environment.GetEnvironmentVariable("TWEEDIE_UPDATE_GOLDEN") == "1")
            Update(losses);
        var curves = Read();

        curves.Should().NotBeEmpty();
        curves.Select(curve => curve.Platform).Should().OnlyHaveUniqueItems();
        foreach (var curve in curves)
        {
            output.WriteLine($"beside {curve.Platform}: {Compare(losses, curve.Losses)}");
            curve.Losses.Should().HaveSameCount(losses, curve.Platform);
            Difference(losses, curve.Losses).Should().BeLessThan(Tolerance, curve.Platform);
        }
        if (curves.Find(curve => curve.Platform == NumericPlatform.Current) is { } own)
            losses.Should().Equal(own.Losses, "this platform has a curve of its own");
        losses.TakeLast(5).Average().Should().BeLessThan(losses.Take(5).Average(), "it learns");
    }

    // On a busy machine, threads wait for one another; ten steps suffice.
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void The_number_of_threads_decides_the_last_bits_and_nothing_else_does(int threads)
    {
        var (one, first, second) = (Losses(1, epochs: 1), Losses(threads, epochs: 1), Losses(threads, epochs: 1));

        second.Should().Equal(first, "the same number of threads gives the same bits");
        output.WriteLine($"{threads} threads beside one: {Compare(first, one)}");
        Difference(first, one).Should().BeLessThan(Tolerance);
    }

    private static List<double> Losses(int threads, int epochs = 3)
    {
        set_num_threads(threads);
        using var folder = new TrainingFolder();
        var reports = new Reports();
        folder.Train(Config.With(training => training with { Epochs = epochs }), reports: reports);
        return [.. reports.Steps.Select(report => report.Loss)];
    }

    private static double Difference(List<double> losses, List<double> others) =>
        losses.Zip(others, (loss, other) => Math.Abs(loss - other) / other).Max();

    private static string Compare(List<double> losses, List<double> others)
    {
        var first = losses.Zip(others).ToList().FindIndex(pair => pair.First != pair.Second);
        return first < 0 ? "the same bits" : FormattableString.Invariant($"differ from step {first + 1} on, by {Difference(losses, others):G2} at most");
    }

    private static List<Curve> Read() => JsonSerializer.Deserialize<List<Curve>>(System.IO.File.ReadAllText(File), Json)!;

    private static void Update(List<double> losses)
    {
        var platform = NumericPlatform.Current ?? throw new InvalidOperationException("This system does not tell the processor, so its curve cannot be recorded.");
        var others = Read().Where(curve => curve.Platform != platform && curve.Losses.Count == losses.Count && Difference(losses, curve.Losses) < Tolerance);
        Curve[] curves = [.. others.Append(new Curve(platform, losses)).OrderBy(curve => curve.Platform, StringComparer.Ordinal)];
        System.IO.File.WriteAllText(File, JsonSerializer.Serialize(curves, Json) + "\n");
    }

    private sealed record Curve(string Platform, List<double> Losses);
}
