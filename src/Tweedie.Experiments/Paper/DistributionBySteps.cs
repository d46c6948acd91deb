using Tweedie.Experiments.Cells;
using Tweedie.Experiments.Exhibits;
using Tweedie.Experiments.Plots;

namespace Tweedie.Experiments.Paper;

/// <summary>Figure 6: the output distribution at each step, sorted and averaged over the test images.</summary>
public sealed class DistributionBySteps : IExperiment
{
    private const int Lines = 5;

    /// <inheritdoc/>
    public string Name => "figure6";

    /// <inheritdoc/>
    public string Title => "Figure 6. The output distribution at each step";

    /// <inheritdoc/>
    public IEnumerable<ICell> Cells(Study study) =>
        study.Benchmarks.SelectMany(benchmark => study.Samplings(benchmark, Arm.Coefficient, study.Sampling()));

    /// <inheritdoc/>
    public Exhibit Create(ExhibitContext context) => new()
    {
        Name = Name,
        Title = Title,
        Notes =
        [
            FormattableString.Invariant($"TDD with the coefficient, {context.Study.Steps} steps, guidance {context.Study.Guidance}. Each image's probabilities are sorted, then averaged over images and seeds: a one-hot output is 1, 0, 0, …"),
            "A distribution may become one-hot without becoming right; the second figure shows both.",
        ],
        Figures = [.. context.Study.Benchmarks.SelectMany(benchmark => Draw(context, benchmark))],
    };

    private IEnumerable<ExhibitFigure> Draw(ExhibitContext context, Benchmark benchmark)
    {
        var seeds = context.Samplings(benchmark, Arm.Coefficient, context.Study.Sampling()).Select(result => result.Steps).ToList();
        var (count, ranks) = (seeds[0].Count, seeds[0][0].Sorted.Count);
        var sorted = new Chart("rank of the class", "mean probability").HorizontalTicks([.. Enumerable.Range(1, ranks).Select(rank => (double)rank)], rank => $"{rank:F0}").VerticalLimits(0, 1.03);
        foreach (var (line, step) in Enumerable.Range(0, Lines).Select(line => (line, (int)Math.Round(line * (count - 1.0) / (Lines - 1)))).DistinctBy(pair => pair.Item2))
            sorted.Add(ExhibitContext.Mean($"step {step + 1}, t = {seeds[0][step].Timestep}", [.. Enumerable.Range(1, ranks).Select(rank => (double)rank)],
                [.. seeds.Select(steps => steps[step].Sorted)]) with { Color = line });
        yield return context.Save(sorted, $"{Name}-{benchmark.Name}", $"{benchmark.Title}: the sorted distribution at five of the steps.");

        var numbers = Enumerable.Range(1, count).Select(step => (double)step).ToList();
        var course = new Chart("step", "%");
        course.Add(ExhibitContext.Percentages("largest probability, mean", numbers, [.. seeds.Select(steps => steps.Select(step => step.Sorted[0]).ToArray())]) with { Color = 0 });
        course.Add(ExhibitContext.Percentages("choice is right", numbers, [.. seeds.Select(steps => steps.Select(step => step.Accuracy).ToArray())]) with { Color = 1 });
        yield return context.Save(course, $"{Name}-{benchmark.Name}-course", $"{benchmark.Title}: how sure and how right each step is.");
    }
}
