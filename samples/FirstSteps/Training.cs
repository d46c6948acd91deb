using TorchSharp;
using Tweedie.Images;
using Tweedie.Training;

namespace FirstSteps;

/// <summary>Shows a training from code on one's own images.</summary>
internal static class Training
{
    /// <summary>Trains, and prints what the log would say.</summary>
    public static async Task RunAsync()
    {
        // The sample's images get a name, by which the run and its checkpoints know them; an interrupted run is resumed with the same name.
        ImageSources.Register("swatches", (_, split) => split == Tweedie.DataSplit.Train ? new Swatches(360, seed: 1) : new Swatches(60, seed: 2));
        var run = new ClassificationRun
        {
            Data = new() { Train = "swatches", Holdout = 60, Workers = 0 },
            Model = new()
            {
                Encoder = new() { ImageSize = 16, PatchSize = 8, Width = 32, Depth = 1, Heads = 2 },
                Denoiser = new() { Width = 32, Depth = 1, Heads = 2 },
            },
            Training = new() { Epochs = 4, BatchSize = 20, LearningRate = 0.003, WarmupEpochs = 1 },
        };
        using var session = TrainingSession.Open(run, new RunFolder("model"), torch.CPU, resume: false);
        Console.WriteLine(session.Summary);
        var outcome = await session.RunAsync(new Lines());
        Console.WriteLine($"best: {outcome.Best!.Metric} {outcome.Best.Value:P0}");
    }

    /// <summary>Prints evaluations and warnings. A host would log them.</summary>
    private sealed class Lines : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Metrics is { } metrics)
                Console.WriteLine($"step {value.Step}: {string.Join(", ", metrics.Select(metric => $"{metric.Key} {metric.Value:G3}"))}");
            else if (value.Warning is { } warning)
                Console.WriteLine(warning);
        }
    }
}
