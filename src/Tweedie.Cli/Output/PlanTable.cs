using Spectre.Console;
using Tweedie.Training;

namespace Tweedie.Cli.Output;

/// <summary>A training's plan as a table.</summary>
internal static class PlanTable
{
    /// <summary>Prints the plan.</summary>
    /// <param name="console">Where to print.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="processes">The number of processes that measured it together.</param>
    public static void Print(IAnsiConsole console, TrainingPlan plan, int processes = 1)
    {
        var together = processes == 1 ? "" : $" in {processes} processes";
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
        table.AddRow(images == "" ? $"time per step, measured{together}" : $"time per step, measured{together}{images} and scaled", Screen.Duration(plan.MeasuredStep));
        table.AddRow("time of the training, estimated", Screen.Duration(plan.EstimatedTime));
        console.Show(table);
    }

    /// <summary>Prints what a step would cost in several processes.</summary>
    /// <param name="console">Where to print.</param>
    /// <param name="gigabytes">What each process can send, in GB per second.</param>
    /// <param name="plans">The plan at each of these speeds.</param>
    public static void Print(IAnsiConsole console, IReadOnlyList<double> gigabytes, IReadOnlyList<ProcessPlan> plans)
    {
        var table = Screen.Table([$"{plans[0].Processes} processes, by a model, not measured", .. gigabytes.Select(speed => FormattableString.Invariant($"at {speed:G4} GB/s"))]);
        void Row(string name, Func<ProcessPlan, string> value) => table.AddRow([name, .. plans.Select(value)]);
        Row("computing per step", plan => Screen.Duration(plan.Compute));
        Row("summing gradients per step", plan => Screen.Duration(plan.Communication));
        Row("time per step", plan => Screen.Duration(plan.Step));
        Row("share of the time in which devices compute", plan => FormattableString.Invariant($"{plan.Efficiency:P0}"));
        console.Show(table);
    }

    private static string Gibibytes(long bytes) => FormattableString.Invariant($"{bytes / (double)(1 << 30):F2} GiB");
}
