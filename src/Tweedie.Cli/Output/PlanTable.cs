using Spectre.Console;
using Tweedie.Training;

namespace Tweedie.Cli.Output;

/// <summary>A training's plan as a table.</summary>
internal static class PlanTable
{
    public static void Print(IAnsiConsole console, TrainingPlan plan)
    {
        var images = plan.MeasuredImages is { } count ? $" on {count} images" : "";
        var table = Screen.Table("plan", "");
        table.AddRow("training samples", $"{plan.Samples:N0}");
        table.AddRow("steps", $"{plan.TotalSteps:N0} ({plan.StepsPerEpoch:N0} per epoch)");
        foreach (var (epoch, rate) in plan.LearningRates)
            table.AddRow(FormattableString.Invariant($"learning rate after epoch {epoch:G4}"), FormattableString.Invariant($"{rate:G3}"));
        foreach (var part in plan.Parts)
            table.AddRow($"parameters, {part.Name}", $"{part.Parameters:N0}");
        table.AddRow("multiply-adds per sample in training", $"{plan.TrainingMultiplyAdds:N0}");
        table.AddRow("weights, gradients, moments, average", Gibibytes(plan.StateBytes));
        table.AddRow($"memory of the process after a few steps{images}", Gibibytes(plan.ResidentBytes));
        table.AddRow(images == "" ? "time per step, measured" : $"time per step, measured{images} and scaled", Screen.Duration(plan.MeasuredStep));
        table.AddRow("time of the training, estimated", Screen.Duration(plan.EstimatedTime));
        console.Show(table);
    }

    /// <summary>Prints what a step would cost in several processes.</summary>
    /// <param name="console">Where to print.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="gigabytes">What each process can send, in GB per second.</param>
    public static void Print(IAnsiConsole console, ProcessPlan plan, double gigabytes)
    {
        var table = Screen.Table(FormattableString.Invariant($"{plan.Processes} processes, by a model, not measured"), "");
        table.AddRow("computing per step", Screen.Duration(plan.Compute));
        table.AddRow(FormattableString.Invariant($"summing gradients per step, at {gigabytes:G4} GB/s"), Screen.Duration(plan.Communication));
        table.AddRow("time per step", Screen.Duration(plan.Step));
        table.AddRow("share of the time in which devices compute", FormattableString.Invariant($"{plan.Efficiency:P0}"));
        console.Show(table);
    }

    private static string Gibibytes(long bytes) => FormattableString.Invariant($"{bytes / (double)(1 << 30):F2} GiB");
}
