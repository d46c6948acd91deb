using Spectre.Console;
using Tweedie.Experiments;
using Tweedie.Experiments.Statistics;

namespace Tweedie.Cli.Output;

/// <summary>A reproduction's plan as a table.</summary>
internal static class ReproductionPlanTable
{
    public static void Print(IAnsiConsole console, ReproductionPlan plan, Study study)
    {
        var table = Screen.Table("training", "seeds", "epochs", "images", "parameters", "multiply-adds per image", "10^15 operations", "time each");
        table.Columns[0].LeftAligned();
        foreach (var training in plan.Trainings)
            table.AddRow(Markup.Escape(training.Name), $"{training.Seeds}", $"{training.Epochs}", $"{training.Images:N0}", $"{training.Parameters:N0}", $"{training.MultiplyAdds:N0}",
                FormattableString.Invariant($"{training.Operations / 1e15:N1}"), training.MeasuredTime is { } time ? Screen.Duration(time) : "");
        console.Show(table);
        console.WriteLine($"{plan.Evaluations} evaluations on whole test sets follow.");
        if (plan.MeasuredTime is { } total)
            console.WriteLine($"Trainings on this machine, in one process, estimated from a few measured steps: {Screen.Duration(total)}.");
        else
            console.WriteLine(FormattableString.Invariant($"At 40 % of an A100's 312e12 operations per second: {plan.GpuTime.TotalHours:N0} GPU hours."));
        string[] few =
        [
            .. study.Benchmarks.Where(_ => study.Seeds < Comparison.MinimumSeeds).Select(benchmark => benchmark.Title),
            .. study.Captions.Where(benchmark => benchmark.Seeds < Comparison.MinimumSeeds).Select(benchmark => benchmark.Title),
        ];
        if (few.Length > 0)
            console.WriteLine($"Fewer than {Comparison.MinimumSeeds} seeds give no verdict, only \"cannot tell\": {string.Join("; ", few)}. --seeds {Comparison.MinimumSeeds} would give one.");
    }
}
