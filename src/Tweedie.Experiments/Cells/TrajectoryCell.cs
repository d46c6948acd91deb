using Tweedie.Configuration;
using Tweedie.Images;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Experiments.Cells;

/// <summary>Follows single images' labels from noise and picks one trajectory of each <see cref="TrajectoryKind"/>.</summary>
/// <param name="Model">The model.</param>
/// <param name="Sampling">How to sample.</param>
public sealed record TrajectoryCell(TrainingCell Model, SamplingOptions Sampling) : ICell<IReadOnlyList<Trajectory>>
{
    /// <summary>The number of test images, the first ones, among which the shown ones are picked.</summary>
    public const int Candidates = 300;

    private const int ShownClasses = 10;

    /// <inheritdoc/>
    public string Kind => "trajectories";

    /// <inheritdoc/>
    public string Title => $"{Model.Title}: single trajectories";

    /// <inheritdoc/>
    public string Identity => Model.Identity + ConfigWriter.ToYaml(Sampling);

    /// <inheritdoc/>
    public IReadOnlyList<Trajectory> Run(CellContext context, CancellationToken cancellation)
    {
        var model = OpenModel.Open(Model, context);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var count = Math.Min(Candidates, model.Images.Count);
        var steps = model.Model.Denoise(model.Images.Condition.narrow(0, 0, count), Sampling, cancellation: cancellation)
            .Select(step => step.Snapshot(top: int.MaxValue)).ToList();
        long[] labels = [.. model.Images.Indices.Take(count).Select(index => (long)model.Test.GetLabel(index))];
        return [.. Pick([.. Enumerable.Range(0, count).Select(item => steps.Select(step => step.Tokens[item][0]).ToArray())], labels)
            .Select(picked => Describe(picked.Kind, picked.Item, model, steps))];
    }

    /// <summary>Picks the first item that fits each kind, no item twice. A kind that no item fits is left out.</summary>
    /// <param name="choices">For each item, the choice of each step.</param>
    /// <param name="labels">The right class of each item.</param>
    internal static IEnumerable<(TrajectoryKind Kind, int Item)> Pick(IReadOnlyList<long[]> choices, IReadOnlyList<long> labels)
    {
        var items = Enumerable.Range(0, choices.Count).ToList();
        int Changes(int item) => choices[item].Zip(choices[item].Skip(1)).Count(pair => pair.First != pair.Second);
        var corrected = items.FindIndex(item => choices[item][0] != labels[item] && choices[item][^1] == labels[item]);
        if (corrected >= 0)
            yield return (TrajectoryKind.Corrected, corrected);
        var stable = items.FindIndex(item => choices[item].All(choice => choice == labels[item]));
        if (stable >= 0)
            yield return (TrajectoryKind.Stable, stable);
        var contested = items.Where(item => item != corrected && Changes(item) > 0).OrderByDescending(Changes).Take(1); // a stable sort: the first of equals
        foreach (var item in contested)
            yield return (TrajectoryKind.Contested, item);
    }

    private static Trajectory Describe(TrajectoryKind kind, int item, OpenModel model, List<StepSnapshot> steps)
    {
        var (names, index) = (model.Classifier.Options.ClassNames, model.Images.Indices[item]);
        var rows = steps.Select(step => step.Entries[item][0].Zip(step.Probabilities[item][0]).ToDictionary(pair => (int)pair.First, pair => pair.Second)).ToList();
        var shown = Enumerable.Range(0, names.Count).OrderByDescending(entry => rows.Max(row => row[entry])).Take(ShownClasses).Order().ToList();
        return new(kind, index, names[model.Test.GetLabel(index)], ImageWriter.ToPng(model.Test.Read(index)), [.. shown.Select(entry => names[entry])],
            [.. steps.Zip(rows, (step, row) => new TrajectoryStep(
                step.Timestep, step.AlphaBar, names[(int)step.Tokens[item][0]], [.. shown.Select(entry => Math.Round(row[entry], 4))]))]);
    }
}
