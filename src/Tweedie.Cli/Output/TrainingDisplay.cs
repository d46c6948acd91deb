using Spectre.Console;
using Tweedie.Training;

namespace Tweedie.Cli.Output;

/// <summary>Shows a live line on a terminal; elsewhere prints one line per evaluation.</summary>
/// <param name="console">Where to write.</param>
/// <param name="line">The live line.</param>
/// <param name="evaluations">Whether evaluations get lines of their own.</param>
internal sealed class TrainingDisplay(IAnsiConsole console, LiveLine line, bool evaluations = true) : IProgress<TrainingProgress>
{
    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        if (value.Warning is { } warning)
        {
            line.Clear();
            Console.Error.WriteLine($"warning: {warning}");
        }
        else if (value.Metrics is { Count: > 0 } metrics)
        {
            if (!evaluations)
                return;
            line.Clear();
            var accuracies = string.Join("  ", metrics.Select(pair => $"{pair.Key} {Screen.Percent(pair.Value)}"));
            console.WriteLine($"epoch {value.Epoch}/{value.Epochs}  held out: {accuracies}");
        }
        else if (value.Metrics is null)
        {
            line.Write(FormattableString.Invariant(
                $"epoch {value.Epoch}/{value.Epochs}  step {value.Step}/{value.TotalSteps}  loss {value.Loss:F4}  lr {value.LearningRate:G3}  {value.ImagesPerSecond:F0} images/s  {Screen.Duration(value.Remaining)} left"));
        }
    }
}
