using TorchSharp;
using Tweedie.Sampling;
using Tweedie.Tests.Models;

namespace Tweedie.Tests.Training;

/// <summary>Cancelling at any step leaves nothing behind: no tensor, no half-written file, no lock.</summary>
[Collection(GlobalState.Name)]
public sealed class CancellationTests
{
    [Fact]
    public void Training_can_be_cancelled_at_every_step()
    {
        for (var step = 1; step <= TinyRun.Steps; step++)
        {
            using var folder = new TrainingFolder();

            LiveTensors.LeftBy(() => folder.TrainUntil(step, TinyRun.Config with { Data = TinyRun.Config.Data with { Workers = 2 } })).Should().Be(0);

            folder.Checkpoints.Should().EndWith($"step-{step:D6}").And.OnlyContain(name => name.Length == "step-000000".Length);
            File.Exists(Path.Combine(folder.Run.Path, "pid")).Should().BeFalse();
        }
    }

    [Fact]
    public void Sampling_can_be_cancelled_at_every_step()
    {
        const int steps = 8;
        using var classifier = TinyClassifier.Create();
        using var images = TinyClassifier.Images(2).DetachFromDisposeScope();
        for (var last = 0; last < steps; last++)
        {
            LiveTensors.LeftBy(() =>
            {
                using var scope = torch.NewDisposeScope();
                using var stop = new CancellationTokenSource();
                var taken = 0;
                var sample = () =>
                {
                    if (last == 0)
                        stop.Cancel();
                    foreach (var _ in classifier.Denoise(classifier.Encode(images), new SamplingOptions { Steps = steps }, stop.Token))
                        if (++taken == last)
                            stop.Cancel();
                };
                sample.Should().Throw<OperationCanceledException>();
                taken.Should().Be(last);
            }).Should().Be(0);
        }
    }

    [Fact]
    public void Two_hundred_predictions_leave_no_tensor_behind()
    {
        using var classifier = TinyClassifier.Create();
        using var images = TinyClassifier.Images(2).DetachFromDisposeScope();
        var counts = new List<long>();

        for (var call = 0; call < 200; call++)
        {
            classifier.Predict(images, new SamplingOptions { Steps = 5, Draws = 2, Guidance = 2, Seed = call }).Dispose();
            counts.Add(LiveTensors.Count);
        }

        counts.Distinct().Should().ContainSingle();
    }
}
