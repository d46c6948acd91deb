using Tweedie.Experiments.Cells;
using Tweedie.Experiments.Exhibits;
using Tweedie.Experiments.Plots;
using Tweedie.Experiments.Statistics;

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
        study.BenchmarksWith(Arm.Coefficient).SelectMany(benchmark => study.Samplings(benchmark, Arm.Coefficient, study.Sampling(guidance: 1)));

    /// <inheritdoc/>
    public Exhibit Create(ExhibitContext context) => new()
    {
        Name = Name,
        Title = Title,
        Notes =
        [
            $"TDD with the coefficient, {context.Study.Steps} steps, without guidance, which sharpens every step. Each image's probabilities are sorted, then averaged over images and seeds: a one-hot output is 1, 0, 0, …",
            "A distribution may become one-hot without becoming right; the second figure shows both.",
        ],
        Findings = [.. context.Study.BenchmarksWith(Arm.Coefficient).Select(benchmark => Find(context, benchmark))],
        Figures = [.. context.Study.BenchmarksWith(Arm.Coefficient).SelectMany(benchmark => Draw(context, benchmark))],
    };

    private static Finding Find(ExhibitContext context, Benchmark benchmark)
    {
        const double oneHot = 0.9;
        var last = context.Samplings(benchmark, Arm.Coefficient, context.Study.Sampling(guidance: 1)).Select(result => (First: result.Steps[0], Last: result.Steps[^1])).ToList();
        return new("15", last.TrueForAll(seed => seed.Last.Sorted[0] > oneHot) ? Verdict.Holds : Verdict.DoesNotHold,
            FormattableString.Invariant($"{benchmark.Title}: the largest probability rises from {last.Average(seed => seed.First.Sorted[0]):F2} to {last.Average(seed => seed.Last.Sorted[0]):F2}, while {100 * last.Average(seed => seed.First.Accuracy):F1} % of the choices are right at first and {100 * last.Average(seed => seed.Last.Accuracy):F1} % in the end"),
            FormattableString.Invariant($"holds if the mean largest probability of the last step is above {oneHot} with every seed"));
    }

    private IEnumerable<ExhibitFigure> Draw(ExhibitContext context, Benchmark benchmark)
    {
        var seeds = context.Samplings(benchmark, Arm.Coefficient, context.Study.Sampling(guidance: 1)).Select(result => result.Steps).ToList();
        var (count, ranks) = (seeds[0].Count, seeds[0][0].Sorted.Count);
        var places = Enumerable.Range(1, ranks).Select(rank => (double)rank).ToList();
        var sorted = new Chart("rank of the class", "mean probability, logarithmic").HorizontalTicks(places, rank => $"{rank:F0}")
            .VerticalTicks([-5, -4, -3, -2, -1, 0], power => FormattableString.Invariant($"{Math.Pow(10, power):0.#####}"));
        foreach (var (line, step) in Enumerable.Range(0, Lines).Select(line => (line, (int)Math.Round(line * (count - 1.0) / (Lines - 1)))).DistinctBy(pair => pair.Item2))
            sorted.Add(ExhibitContext.Mean($"step {step + 1}, t = {seeds[0][step].Timestep}", places,
                [.. seeds.Select(steps => steps[step].Sorted.Select(Math.Log10).ToArray())]) with
            { Color = line });
        yield return context.Save(sorted, $"{Name}-{benchmark.Name}", $"{benchmark.Title}: the sorted distribution at five of the steps.");

        var numbers = Enumerable.Range(1, count).Select(step => (double)step).ToList();
        var course = new Chart("step", "%");
        course.Add(ExhibitContext.Percentages("largest probability, mean", numbers, [.. seeds.Select(steps => steps.Select(step => step.Sorted[0]).ToArray())]) with { Color = 0 });
        course.Add(ExhibitContext.Percentages("choice is right", numbers, [.. seeds.Select(steps => steps.Select(step => step.Accuracy).ToArray())]) with { Color = 1 });
        yield return context.Save(course, $"{Name}-{benchmark.Name}-course", $"{benchmark.Title}: how sure and how right each step is.");
    }
}
