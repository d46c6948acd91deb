using System.Diagnostics;
using System.Diagnostics.Metrics;
using Tweedie.Tests.Models;
using Tweedie.Tests.Training;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Tests;

/// <summary>Trainings and samplings tell of themselves by activities and a meter.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public void A_sampling_is_an_activity_that_leaves_the_callers_own_alone()
    {
        using var outer = new Activity("test").Start();
        var stopped = new List<Activity>();
        using var listener = Listen(outer, stopped);
        using var classifier = TinyClassifier.Create();
        using var images = TinyClassifier.Images(2);
        using var condition = classifier.Encode(images);

        foreach (var step in classifier.Denoise(condition, new() { Steps = 4, Draws = 3 }))
            Activity.Current.Should().BeSameAs(outer);

        Activity.Current.Should().BeSameAs(outer);
        var activity = stopped.Should().ContainSingle().Subject;
        (activity.OperationName, activity.ParentId).Should().Be(("tweedie.sample", outer.Id));
        activity.TagObjects.Should().Contain(new KeyValuePair<string, object?>("tweedie.rows", 6L)).And.Contain(new KeyValuePair<string, object?>("tweedie.steps", 4));
    }

    [Fact]
    public void A_stream_that_is_left_early_ends_its_activity()
    {
        using var outer = new Activity("test").Start();
        var stopped = new List<Activity>();
        using var listener = Listen(outer, stopped);
        using var classifier = TinyClassifier.Create();
        using var images = TinyClassifier.Images(1);
        using var condition = classifier.Encode(images);

        _ = classifier.Denoise(condition, new() { Steps = 9 }).Take(2).Count();

        stopped.Should().ContainSingle().Which.GetTagItem("tweedie.steps").Should().Be(2);
    }

    [Fact]
    public void A_training_is_an_activity_and_counts_its_steps()
    {
        using var folder = new TemporaryFolder();
        using var outer = new Activity("test").Start();
        var stopped = new List<Activity>();
        using var listener = Listen(outer, stopped);
        var (thread, steps, items, losses) = (Environment.CurrentManagedThreadId, 0L, 0L, new List<double>());
        using var meter = new MeterListener();
        meter.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Name == Telemetry.Name)
                listening.EnableMeasurementEvents(instrument);
        };
        meter.SetMeasurementEventCallback<long>((instrument, value, _, _) =>
        {
            if (Environment.CurrentManagedThreadId != thread)
                return; // another test's
            (steps, items) = instrument.Name switch
            {
                "tweedie.training.steps" => (steps + value, items),
                "tweedie.training.items" => (steps, items + value),
                _ => (steps, items),
            };
        });
        meter.SetMeasurementEventCallback<double>((instrument, value, _, _) =>
        {
            if (Environment.CurrentManagedThreadId == thread && instrument.Name == "tweedie.training.loss")
                losses.Add(value);
        });
        meter.Start();
        using var session = TrainingSession.Open(TinyRun.Config, new RunFolder(Path.Combine(folder.Path, "run")), CPU, resume: false);

        var outcome = session.Run();

        items.Should().Be(outcome.Images).And.Be(steps * TinyRun.Config.Training.BatchSize);
        losses.Should().HaveCount((int)steps).And.OnlyContain(loss => double.IsFinite(loss));
        stopped.Should().ContainSingle(activity => activity.OperationName == "tweedie.train").Which.GetTagItem("tweedie.task").Should().Be("classification");
        stopped.Where(activity => activity.OperationName == "tweedie.sample").Should().NotBeEmpty("its evaluations sample");
    }

    private static ActivityListener Listen(Activity outer, List<Activity> stopped)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Telemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.TraceId == outer.TraceId)
                    lock (stopped)
                        stopped.Add(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
