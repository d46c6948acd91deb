using Extending;
using Tweedie;
using Tweedie.Configuration;
using Tweedie.Diffusion;
using Tweedie.Evaluation;
using Tweedie.Images;
using Tweedie.Sampling;
using Tweedie.Training;
using static TorchSharp.torch;

// Trains a model whose schedule, step grid, sampler, to-one rule, conditioner, images, metric and task are the sample's own, resumes its training and evaluates it.
const string Usage = """
    train FOLDER [--stop-after STEPS]   train as config.yaml says; with --stop-after, as if it were interrupted
    resume FOLDER                       continue the run, exactly
    evaluate FOLDER                     compare samplers on the test images
    """;

// Configs and checkpoints can now name the task and the images.
TrainingTasks.Register<DigitRun>(DigitRun.Name);
ImageSources.Register(DigitSource.Prefix, DigitSource.Open);
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
try
{
    switch (args)
    {
        case ["train", var folder]:
            return Train(new RunFolder(folder), resume: false, new Display());
        case ["train", var folder, "--stop-after", var text] when long.TryParse(text, out var steps):
            return Train(new RunFolder(folder), resume: false, new Display(steps, stop));
        case ["resume", var folder]:
            return Train(new RunFolder(folder), resume: true, new Display());
        case ["evaluate", var folder]:
            return Evaluate(new RunFolder(folder));
        default:
            Console.Error.WriteLine(Usage);
            return 2;
    }
}
catch (TweedieException error)
{
    Console.Error.WriteLine($"error: {error.Message}");
    return 1;
}
catch (OperationCanceledException)
{
    Console.WriteLine("stopped; a checkpoint is saved, continue with resume");
    return 130;
}

int Train(RunFolder run, bool resume, IProgress<TrainingProgress> display)
{
    var config = RunConfig.From(ConfigDocument.Load(Path.Combine(AppContext.BaseDirectory, "config.yaml")));
    using var session = TrainingSession.Open(config, run, CPU, resume);
    Console.WriteLine(session.Summary);
    session.Run(display, stop.Token);
    Console.WriteLine($"saved {run.Model}");
    return 0;
}

int Evaluate(RunFolder run)
{
    var config = (DigitRun)RunConfig.From(ConfigDocument.Load(run.Config));
    using var reader = DigitReader.Load(run.Model);
    var test = ImageSources.Open(config.Data.Train, DataSplit.Test);
    var samplings = new Dictionary<string, IReverseProcess>
    {
        ["1 step"] = reader.Model.Reverse(new SamplingOptions { Steps = 1 }),
        ["the paper's sampler"] = reader.Model.Reverse(new SamplingOptions { Steps = config.Sampling.Steps }),
        ["the sample's sampler"] = reader.Reverse(config.Sampling),
    };
    Console.WriteLine($"{test.Count} test images:");
    foreach (var row in Evaluator.Evaluate(
        reader.Model, EncodedImages.Stream(reader.Model, test, batchSize: 100), samplings, [() => new WholeNumbers(test)], cancellation: stop.Token))
        Console.WriteLine($"{row.Name,-26} {string.Join("  ", row.Values.Select(value => $"{value.Key} {value.Value:P1}"))}");
    var examples = Enumerable.Range(0, 6).Select(index => 49 * index).ToList();
    Console.WriteLine($"{string.Join(", ", examples.Select(test.GetLabel))} are read as "
        + string.Join(", ", reader.Read([.. examples.Select(test.Read)], config.Sampling).Select(number => number?.ToString() ?? "no number")));
    return 0;
}

/// <summary>Writes a line for each report. Stops the training after a step if the user asks for that.</summary>
internal sealed class Display(long stopAfter = long.MaxValue, CancellationTokenSource? stop = null) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value)
    {
        Console.WriteLine(value.Warning ?? (value.Metrics is { } metrics
            ? $"epoch {value.Epoch}: {string.Join("  ", metrics.Select(metric => $"{metric.Key} {metric.Value:P1}"))}"
            : $"step {value.Step} of {value.TotalSteps}: loss {value.Loss:F3}"));
        if (value.Step >= stopAfter)
            stop?.Cancel();
    }
}
