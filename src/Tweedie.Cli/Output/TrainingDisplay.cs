using Tweedie.Metrics;
using Tweedie.Training;

namespace Tweedie.Cli.Output;

/// <summary>Shows a training: a heading when everything is accepted, a live line, and a line per evaluation.</summary>
/// <param name="line">The live line.</param>
/// <param name="heading">Lines to print when the training begins.</param>
/// <param name="evaluations">Whether evaluations get lines of their own.</param>
/// <param name="errors">Receives warnings; standard error by default.</param>
/// <param name="items">What the items of the training are called.</param>
internal sealed class TrainingDisplay(LiveLine line, IReadOnlyList<string>? heading = null, bool evaluations = true, TextWriter? errors = null,
    string items = "images") : IProgress<TrainingProgress>
{
    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        if (value.IsStart)
        {
            foreach (var text in heading ?? [])
                line.Print(text);
        }
        else if (value.Warning is { } warning)
        {
            line.Clear();
            (errors ?? Console.Error).WriteLine($"warning: {warning}");
        }
        else if (value.Metrics is { } metrics)
        {
            if (evaluations && metrics.Count > 0)
                line.Print($"epoch {value.Epoch}/{value.Epochs}  held out: {string.Join("  ", metrics.Select(Text))}");
        }
        else if (value.Features is { } features)
        {
            line.Write(FeatureLine.Of(features));
        }
        else
        {
            line.Write(FormattableString.Invariant(
                $"epoch {value.Epoch}/{value.Epochs}  step {value.Step}/{value.TotalSteps}  loss {value.Loss:F4}  {value.ImagesPerSecond:F0} {items}/s  {Screen.Duration(value.Remaining)} left  lr {value.LearningRate:G3}"));
        }
    }

    private static string Text(KeyValuePair<string, double> metric) => $"{metric.Key} {MetricInfo.Show(metric.Key, metric.Value)}";
}
