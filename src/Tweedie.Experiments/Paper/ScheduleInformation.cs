using Tweedie.Experiments.Cells;
using Tweedie.Experiments.Exhibits;
using Tweedie.Experiments.Plots;
using Tweedie.Sampling;

namespace Tweedie.Experiments.Paper;

/// <summary>What the noisy state alone tells about the label: P(argmax y_t = y0) by t. Needs no training.</summary>
public sealed class ScheduleInformation : IExperiment
{
    private static readonly (int Classes, string Name)[] Sizes = [(10, "10 classes"), (1000, "1,000 (ImageNet)"), (30_522, "30,522 (BERT)"), (49_408, "49,408 (CLIP)")];

    /// <inheritdoc/>
    public string Name => "schedule";

    /// <inheritdoc/>
    public string Title => "What the noisy state tells about the label";

    /// <inheritdoc/>
    public IEnumerable<ICell> Cells(Study study) => [];

    /// <inheritdoc/>
    public Exhibit Create(ExhibitContext context)
    {
        var schedule = NoiseSchedule.Create(new DiffusionOptions());
        var plan = SamplingPlan.Uniform(schedule, context.Study.Steps);
        var timesteps = Enumerable.Range(0, 101).Select(i => Math.Min(10 * i, schedule.Timesteps - 1)).ToList();
        var chart = new Chart("t", "P(argmax y_t = y0) (%)"); // the figures' font has no subscript t
        var rows = new List<IReadOnlyList<string>>();
        for (var color = 0; color < Sizes.Length; color++)
        {
            var classes = Sizes[color].Classes;
            double Probability(int t) => ScheduleDiagnostics.ProbabilityArgmaxIsClean(schedule.AlphaBar[t], classes);
            chart.Add(new Series(Sizes[color].Name, [.. timesteps.Select(t => (double)t)], [.. timesteps.Select(t => 100 * Probability(t))]) { Color = color, Line = (LineKind)color, Marks = false });
            var half = Enumerable.Range(0, schedule.Timesteps).Last(t => Probability(t) >= 0.5);
            rows.Add([Sizes[color].Name, $"{half}", FormattableString.Invariant($"{schedule.AlphaBar[half]:F3}"), $"{plan.Count(level => level.Timestep > half)} of {plan.Count}"]);
        }
        return new()
        {
            Name = Name,
            Title = Title,
            Notes = ["Computed, not measured: the chance to read the label from y_t without the image, on the cosine schedule. Where it is low, a step must look at the image, and what was fed back says little."],
            Tables = [new("Where the label is read in one of two cases", ["classes", "last such t", "ᾱ there", $"steps of a {plan.Count}-step plan above it"], rows)],
            Figures = [context.Save(chart, Name, "P(argmax y_t = y0) by timestep, cosine schedule, T = 1000.")],
        };
    }
}
