using Tweedie.Models;

namespace Tweedie.Experiments.Paper;

/// <summary>All experiments, in the paper's order.</summary>
public static class PaperExperiments
{
    /// <summary>The experiments.</summary>
    public static IReadOnlyList<IExperiment> All { get; } =
    [
        new ExactMixture(), new MainComparison(), new DepthAndDiffusion(), new Ablations(), new Variants(), new CaptionScoresTable(),
        new AccuracyByEpoch(), new RegressionAndCrossEntropy(), new AccuracyBySteps(), new DistributionBySteps(),
        new CaptionsBesideTruth("figure7", "Figure 7. Captions of MDD and TDD", [TokenMethod.Mdd, TokenMethod.Tdd], first: 0),
        new CaptionsBesideTruth("figure8", "Figure 8. More captions of TDD", [TokenMethod.Tdd], first: CaptionsBesideTruth.Images),
        new CaptionsByTimestep(), new TokenTrajectories(),
        new LabelTrajectories(), new ScheduleInformation(), new Calibration(), new GainFromIterating(),
    ];

    /// <summary>The experiments of these names; <c>all</c> is every one.</summary>
    /// <exception cref="TweedieException">A name is unknown.</exception>
    public static IReadOnlyList<IExperiment> Select(IReadOnlyList<string> names)
    {
        if (names.FirstOrDefault(name => name != "all" && All.All(experiment => experiment.Name != name)) is { } unknown)
            throw new TweedieException($"'{OneLine.Of(unknown)}' is no table or figure; use all, {string.Join(", ", All.Select(experiment => experiment.Name))}.");
        return names.Contains("all") ? All : [.. All.Where(experiment => names.Contains(experiment.Name))];
    }
}
