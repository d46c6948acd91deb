using Tweedie.Experiments.Cells;
using Tweedie.Experiments.Exhibits;
using Tweedie.Experiments.Plots;
using Tweedie.Experiments.Statistics;
using Tweedie.Sampling;

namespace Tweedie.Experiments.Paper;

/// <summary>The finished cells of a study, and where an exhibit's figures go.</summary>
/// <param name="study">The study.</param>
/// <param name="store">The finished cells.</param>
/// <param name="figureFolder">The folder of the figures; exists.</param>
public sealed class ExhibitContext(Study study, CellStore store, string figureFolder)
{
    /// <summary>The study.</summary>
    public Study Study => study;

    /// <summary>The results of an arm's trainings, one per seed.</summary>
    public IReadOnlyList<TrainingResult> Trainings(Benchmark benchmark, Arm arm) =>
        [.. study.SeedValues.Select(seed => store.Read(Study.Training(benchmark, arm, seed)))];

    /// <summary>The results of an arm under a sampling, one per seed.</summary>
    public IReadOnlyList<SamplingResult> Samplings(Benchmark benchmark, Arm arm, SamplingOptions sampling) =>
        [.. study.Samplings(benchmark, arm, sampling).Select(store.Read)];

    /// <summary>The result of a cell.</summary>
    public TResult Read<TResult>(ICell<TResult> cell) => store.Read(cell);

    /// <summary>What an arm got right under a sampling.</summary>
    public Outcome Outcome(Benchmark benchmark, Arm arm, SamplingOptions sampling, DecodeKind decode = DecodeKind.Last) =>
        new([.. Samplings(benchmark, arm, sampling).Select(result => result.By(decode).Correct)]);

    /// <summary>What comparisons on a data set can show, said from the seeds and the test items before any result.</summary>
    /// <param name="benchmark">The data set.</param>
    /// <param name="any">Any outcome on it, for the number of its test items.</param>
    public string Design(Benchmark benchmark, Outcome any)
    {
        var (items, half) = (any.BySeed[0].Length, CrossedVariance.Assumed.HalfWidth(study.Seeds, any.BySeed[0].Length));
        return FormattableString.Invariant($"{benchmark.Title}: {(study.Seeds == 1 ? "one seed" : $"{study.Seeds} seeds")} and {items:N0} test items. {CrossedVariance.AssumedInWords} Then a difference of {100 * half:F1} points shows in half of the cases, and one of {100 * half * CrossedVariance.OfMostCases:F1} in four of five.");
    }

    /// <summary>Writes a figure, names it and disposes of it.</summary>
    public ExhibitFigure Save(IFigure figure, string name, string caption)
    {
        using (figure)
            figure.Save(figureFolder, name);
        return new ExhibitFigure(name, caption);
    }

    /// <summary>A line of means over the seeds, in percent, with a band from the lowest to the highest.</summary>
    /// <param name="name">The line's name.</param>
    /// <param name="x">Where its points are.</param>
    /// <param name="bySeed">For each seed, a share for each point.</param>
    public static Series Percentages(string name, IReadOnlyList<double> x, IReadOnlyList<IReadOnlyList<double>> bySeed) => Mean(
        name, x, [.. bySeed.Select(seed => seed.Select(share => 100 * share).ToArray())]);

    /// <summary>A line of means over the seeds, with a band from the lowest to the highest.</summary>
    public static Series Mean(string name, IReadOnlyList<double> x, IReadOnlyList<IReadOnlyList<double>> bySeed)
    {
        var columns = Enumerable.Range(0, x.Count).Select(i => bySeed.Select(seed => seed[i]).ToList()).ToList();
        return new(name, x, [.. columns.Select(column => column.Average())])
        {
            Band = bySeed.Count > 1 ? [.. columns.Select(column => (column.Min(), column.Max()))] : [],
        };
    }
}
