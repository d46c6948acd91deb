using Tweedie.Evaluation;
using Tweedie.Sampling;

namespace Tweedie.Experiments.Cells;

/// <summary>Predicts all test rows with a trained model: in one step, in several, and in as many without feedback.</summary>
/// <param name="Model">The model, of one-hot diffusion.</param>
/// <param name="Test">The test rows.</param>
/// <param name="Steps">Number of steps.</param>
public sealed record RowCell(TrainingCell Model, string Test, int Steps) : ICell<IReadOnlyList<RowSet>>
{
    private const int BatchSize = 200;

    /// <inheritdoc/>
    public string Kind => "rows";

    /// <inheritdoc/>
    public string Title => $"{Model.Title}: rows in 1 and {Steps} steps";

    /// <inheritdoc/>
    public string Identity => $"{Model.Identity}test: {Test}\nsteps: {Steps}\n";

    /// <inheritdoc/>
    public IReadOnlyList<RowSet> Run(CellContext context, CancellationToken cancellation)
    {
        var model = OpenRows.Open(Model, Test, context);
        var settings = new EvaluationSettings
        {
            Steps = [1, Steps],
            Decode = [DecodeKind.Last, DecodeKind.Consensus],
            Control = ControlKind.Beside,
            Seed = Model.Config.Seed,
            BatchSize = BatchSize,
        };
        return [.. Evaluator.Evaluate(model.Model, model.Items(BatchSize), settings, [() => new RightRows(model.ReadRow)], cancellation)
            .Select(row => new RowSet(row.Sampling!.Steps!.Value, row.Decode!.Value, row.Sampling.Control, row.Metric<RightRows>().Marks))];
    }
}

/// <summary>Which rows a model gets right under one sampling and decoding.</summary>
/// <param name="Steps">Number of sampling steps.</param>
/// <param name="Decode">Decoding.</param>
/// <param name="Control">Whether nothing was fed back.</param>
/// <param name="Right">One character per row: 1 where all of its tokens are right.</param>
public sealed record RowSet(int Steps, DecodeKind Decode, bool Control, string Right);
