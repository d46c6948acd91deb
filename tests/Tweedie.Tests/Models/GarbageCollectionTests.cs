using System.Diagnostics;
using Tweedie.Models;
using Tweedie.Sampling;
using Tweedie.Tests.Training;
using static TorchSharp.torch;

namespace Tweedie.Tests.Models;

/// <summary>A process that predicts beside other work collects garbage all the time, also in the middle of a tensor operation.</summary>
[Collection(GlobalState.Name)]
public sealed class GarbageCollectionTests
{
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(8); // on two busy cores, arithmetic by TorchSharp's operators failed within six

    [Fact]
    public void Predictions_are_the_same_while_garbage_is_collected()
    {
        using var scope = NewDisposeScope();
        using var classifier = TinyClassifier.Create();
        var images = TinyClassifier.Images(5);
        var sampling = new SamplingOptions { Steps = 20, Draws = 2, Guidance = 2 };
        using var expected = classifier.Predict(images, sampling);

        Repeat(() =>
        {
            using var prediction = classifier.Predict(images, sampling);
            prediction.Mean.ShouldEqual(expected.Mean);
        });
    }

    [Fact]
    public void Captions_are_the_same_while_garbage_is_collected()
    {
        using var scope = NewDisposeScope();
        using var captioner = TinyCaptioner.Create();
        using var masked = TinyCaptioner.Create(TinyCaptioner.Options with { Method = TokenMethod.Mdd });
        var condition = captioner.Encode(TinyClassifier.Images(3));
        IReadOnlyList<string> Captions(ImageCaptioner model, ToOneKind toOne) =>
            model.Caption(condition, new SamplingOptions { Steps = 8, Guidance = 2, ToOne = toOne });
        var expected = (Captions(captioner, ToOneKind.Argmax), Captions(captioner, ToOneKind.Multinomial), Captions(masked, ToOneKind.Argmax));

        Repeat(() =>
        {
            Captions(captioner, ToOneKind.Argmax).Should().Equal(expected.Item1);
            Captions(captioner, ToOneKind.Multinomial).Should().Equal(expected.Item2);
            Captions(masked, ToOneKind.Argmax).Should().Equal(expected.Item3);
        });
    }

    [Fact]
    public void Trainings_give_the_same_weights_while_garbage_is_collected()
    {
        using var folder = new TrainingFolder();
        folder.Train(TinyRun.Config);
        var expected = folder.Weights();

        Repeat(() =>
        {
            using var again = new TrainingFolder();
            again.Train(TinyRun.Config);
            foreach (var (name, bytes) in again.Weights())
                bytes.Should().Equal(expected[name], name);
        });
    }

    private static void Repeat(Action action)
    {
        using var stop = new CancellationTokenSource(Time);
        Thread[] others = [new(() => Collect(stop.Token)), new(() => Calculate(stop.Token))];
        foreach (var thread in others)
            thread.Start();
        try
        {
            while (!stop.IsCancellationRequested)
                action();
        }
        finally
        {
            stop.Cancel();
            foreach (var thread in others)
                thread.Join();
        }
    }

    private static void Collect(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            GC.Collect(0);
            Thread.Yield();
        }
    }

    // Keeps a core busy, so that threads are interrupted where they are.
    private static void Calculate(CancellationToken stop)
    {
        var sum = 0.0;
        while (!stop.IsCancellationRequested)
            sum += Math.Sqrt(Stopwatch.GetTimestamp());
        GC.KeepAlive(sum);
    }
}
