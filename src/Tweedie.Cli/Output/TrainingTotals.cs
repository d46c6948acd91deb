using Tweedie.Metrics;
using Tweedie.Training;

namespace Tweedie.Cli.Output;

/// <summary>The lines that end a training: what was trained, how good it is, where the model is and what can be done with it.</summary>
internal static class TrainingTotals
{
    /// <summary>The lines.</summary>
    /// <param name="run">The run.</param>
    /// <param name="config">What was asked for.</param>
    /// <param name="outcome">What came out.</param>
    /// <param name="probabilities">What the probabilities of a classifier are worth; null for other models.</param>
    public static IEnumerable<string> Lines(RunFolder run, RunConfig config, TrainingOutcome outcome, string? probabilities = null)
    {
        yield return FormattableString.Invariant(
            $"trained {config.Training.Epochs} {(config.Training.Epochs == 1 ? "epoch" : "epochs")}, {outcome.Images:N0} {Items(config)} in {Screen.Duration(outcome.Time)} ({outcome.Images / Math.Max(outcome.Time.TotalSeconds, 1e-9):N0} {Items(config)}/s)");
        if (outcome.Best is { } best)
            yield return $"best evaluation: {best.Metric} {MetricInfo.Show(best.Metric, best.Value)} after step {best.Step:N0}";
        yield return $"saved {run.Model}" + (outcome.Best is null ? "" : config.Evaluation.Keep == KeptModel.Best
            ? $", the best model; the last one is {run.LastModel}" : $", the last model; the best one is {run.BestModel}");
        if (probabilities is not null)
            yield return probabilities;
        yield return $"next: tweedie {Next(run.Path, config)}";
    }

    /// <summary>What the items of a training are called.</summary>
    public static string Items(RunConfig config) => config switch { TextRun => "windows", TokensRun => "rows", _ => "images" };

    private static string Next(string run, RunConfig config)
    {
        if (config is TextRun or TokensRun)
            return $"generate --model {ShellWord.Quote(run)}";
        var data = config switch { ClassificationRun labels => labels.Data, CaptionRun captions => captions.Data, AnnotationRun attributes => attributes.Data, _ => null };
        return data is null ? $"info --model {ShellWord.Quote(run)}" : $"eval --model {ShellWord.Quote(run)} --data {ShellWord.Quote(data.Test ?? data.Train)}";
    }
}
