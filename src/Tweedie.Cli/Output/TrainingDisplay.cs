using Spectre.Console;
using Tweedie.Training;

namespace Tweedie.Cli.Output;

/// <summary>A live line on a terminal; elsewhere one line an evaluation.</summary>
/// <param name="console">Where to write.</param>
/// <param name="evaluations">Whether evaluations get lines of their own.</param>
internal sealed class TrainingDisplay(IAnsiConsole console, bool evaluations = true) : IProgress<TrainingProgress>
{
    private readonly bool _live = !Console.IsOutputRedirected;

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        if (value.Warning is { } warning)
        {
            Screen.ClearLine();
            Console.Error.WriteLine($"warning: {warning}");
        }
        else if (value.Metrics is { Count: > 0 } metrics)
        {
            if (!evaluations)
                return;
            Screen.ClearLine();
            var accuracies = string.Join("  ", metrics.Select(pair => $"{pair.Key} {Screen.Percent(pair.Value)}"));
            console.WriteLine($"epoch {value.Epoch}/{value.Epochs}  held out: {accuracies}");
        }
        else if (value.Metrics is null && _live)
        {
            Screen.ClearLine();
            Console.Write(FormattableString.Invariant(
                $"epoch {value.Epoch}/{value.Epochs}  step {value.Step}/{value.TotalSteps}  loss {value.Loss:F4}  lr {value.LearningRate:G3}  {value.ImagesPerSecond:F0} images/s  {Screen.Duration(value.Remaining)} left"));
        }
    }
}
