using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Tweedie;

/// <summary>
/// What the library tells of its work by the means of .NET: an <see cref="ActivitySource"/> with the activities <c>tweedie.sample</c> and <c>tweedie.train</c>, and a
/// <see cref="Meter"/>. Both are called <see cref="Name"/>. They cost nothing while nobody listens.
/// </summary>
/// <remarks>
/// Instruments: <c>tweedie.sampling.steps</c> (steps, counted) and <c>tweedie.sampling.duration</c> (seconds per sampled batch, from its first step to its last);
/// <c>tweedie.training.steps</c>, <c>tweedie.training.items</c> (counted) and <c>tweedie.training.loss</c> (that of the last step).
/// </remarks>
public static class Telemetry
{
    /// <summary>The name of the source and of the meter.</summary>
    public const string Name = "Tweedie";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> SamplingSteps = Meter.CreateCounter<long>("tweedie.sampling.steps", "{step}", "Denoising steps of batches.");
    private static readonly Histogram<double> SamplingDuration = Meter.CreateHistogram<double>("tweedie.sampling.duration", "s", "Time of a sampled batch.");
    private static readonly Counter<long> TrainingSteps = Meter.CreateCounter<long>("tweedie.training.steps", "{step}", "Training steps.");
    private static readonly Counter<long> TrainingItems = Meter.CreateCounter<long>("tweedie.training.items", "{item}", "Images or rows of training steps.");
    private static readonly Gauge<double> TrainingLoss = Meter.CreateGauge<double>("tweedie.training.loss", description: "Loss of the last step.");

    /// <summary>The activity of a training; null where nobody listens.</summary>
    internal static Activity? Train(string task) => Source.StartActivity("tweedie.train")?.SetTag("tweedie.task", task);

    /// <summary>Counts a training step.</summary>
    internal static void Trained(int items, double loss)
    {
        TrainingSteps.Add(1);
        TrainingItems.Add(items);
        TrainingLoss.Record(loss);
    }

    /// <summary>One sampling, from its first step to the end of its stream.</summary>
    internal sealed class Sampling : IDisposable
    {
        private readonly long _start = Stopwatch.GetTimestamp();
        private readonly Activity? _activity;
        private int _steps;

        /// <summary>Begins to measure.</summary>
        /// <param name="rows">The rows of tokens that are sampled together.</param>
        public Sampling(long rows)
        {
            using var outer = new KeptActivity();
            _activity = Source.StartActivity("tweedie.sample")?.SetTag("tweedie.rows", rows);
        }

        /// <summary>Counts a step.</summary>
        public void Step()
        {
            _steps++;
            SamplingSteps.Add(1);
        }

        public void Dispose()
        {
            using var outer = new KeptActivity();
            SamplingDuration.Record(Stopwatch.GetElapsedTime(_start).TotalSeconds);
            _activity?.SetTag("tweedie.steps", _steps).Dispose();
        }

        // What the caller does between two steps does not belong to the sampling, so the current activity stays the caller's.
        private readonly struct KeptActivity : IDisposable
        {
            private readonly Activity? _activity = Activity.Current;

            public KeptActivity()
            {
            }

            public void Dispose() => Activity.Current = _activity;
        }
    }
}
