using System.Text.Json.Nodes;
using Tweedie.Training;

namespace Tweedie.Experiments.Cells;

/// <summary>The record that is kept of a training besides its model.</summary>
/// <param name="Parameters">Number of parameters.</param>
/// <param name="Seconds">Time of the training steps, by the log, interruptions left out.</param>
/// <param name="Loss">The training loss.</param>
/// <param name="HeldOut">Metrics on held-out training images by name, such as <c>top1.20steps.last</c>.</param>
public sealed record TrainingResult(
    long Parameters, double Seconds, IReadOnlyList<CurvePoint> Loss, IReadOnlyDictionary<string, IReadOnlyList<CurvePoint>> HeldOut)
{
    /// <summary>Reads a finished run's log. Where a crash left several lines of one step, the newest counts.</summary>
    internal static TrainingResult Read(RunFolder run, TrainingOptions training, long parameters)
    {
        var lines = File.ReadLines(run.Metrics).Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
        var losses = NewestByStep(lines.Where(line => line.ContainsKey("loss")));
        var accuracies = NewestByStep(lines.Where(line => line.Any(entry => entry.Key.Contains('.', StringComparison.Ordinal))));
        var stepsPerEpoch = Number(losses[^1], "step") / training.Epochs; // the log ends with the last step
        CurvePoint Point(JsonObject line, string name) => new(Number(line, "step") / stepsPerEpoch, Number(line, name));

        var held = accuracies.SelectMany(line => line.Where(entry => entry.Key.Contains('.', StringComparison.Ordinal)).Select(entry => (entry.Key, Point: Point(line, entry.Key))))
            .GroupBy(entry => entry.Key, entry => entry.Point)
            .ToDictionary(group => group.Key, group => (IReadOnlyList<CurvePoint>)[.. group]);
        var steps = losses.Select(line => Number(line, "step")).Prepend(0).ToList();
        var seconds = losses.Select((line, i) => (steps[i + 1] - steps[i]) * training.BatchSize / Number(line, "imagesPerSecond")).Sum();
        return new(parameters, seconds, [.. losses.Select(line => Point(line, "loss"))], held);
    }

    private static List<JsonObject> NewestByStep(IEnumerable<JsonObject> lines) =>
        [.. lines.GroupBy(line => Number(line, "step")).Select(group => group.Last()).OrderBy(line => Number(line, "step"))];

    private static double Number(JsonObject line, string name) => line[name]!.GetValue<double>();
}

/// <summary>A point of a training curve.</summary>
/// <param name="Epoch">Epochs done, with fractions.</param>
/// <param name="Value">The value there.</param>
public sealed record CurvePoint(double Epoch, double Value);
