using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Tweedie.Web;

/// <summary>What the server measures of itself, as a <see cref="Meter"/> that is called <see cref="Name"/>.</summary>
internal static class WebTelemetry
{
    /// <summary>The name of the meter.</summary>
    public const string Name = "Tweedie.Web";

    /// <summary>The borders of histograms of times.</summary>
    public static double[] Seconds { get; } = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Requests = Meter.CreateCounter<long>("tweedie.web.requests", "{request}", "Requests about models, by their status.");
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("tweedie.web.request.duration", "s", "Time from a request to its answer.");
    private static readonly Histogram<int> BatchRows = Meter.CreateHistogram<int>("tweedie.web.batch.rows", "{row}", "Trajectories that were computed together.", advice: new() { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128] });
    private static readonly Histogram<double> QueueWait = Meter.CreateHistogram<double>("tweedie.web.queue.wait", "s", "Time that the first request of a batch waited.");

    /// <summary>Counts a request that has been answered or refused.</summary>
    public static void Request(string model, string task, int status, TimeSpan time)
    {
        var tags = new TagList { { "model", model }, { "task", task }, { "status", status } };
        Requests.Add(1, tags);
        Duration.Record(time.TotalSeconds, tags);
    }

    /// <summary>Counts a batch whose computation begins.</summary>
    public static void Batch(string model, int rows, TimeSpan waited)
    {
        var tag = new KeyValuePair<string, object?>("model", model);
        BatchRows.Record(rows, tag);
        QueueWait.Record(waited.TotalSeconds, tag);
    }

    /// <summary>Shows how many jobs of each model wait.</summary>
    /// <param name="count">Tells the models and their waiting jobs.</param>
    public static Meter ShowQueues(Func<IEnumerable<(string Model, int Waiting)>> count)
    {
        var meter = new Meter(Name);
        meter.CreateObservableGauge("tweedie.web.queue.waiting",
            () => count().Select(queue => new Measurement<int>(queue.Waiting, new KeyValuePair<string, object?>("model", queue.Model))), "{job}", "Images, texts and rows that wait.");
        return meter;
    }
}
