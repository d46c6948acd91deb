using Tweedie.Experiments.Cells;
using Tweedie.Experiments.Exhibits;

namespace Tweedie.Experiments.Paper;

/// <summary>The labels of single images on their way from noise, for the reader to step through.</summary>
public sealed class LabelTrajectories : IExperiment
{
    /// <inheritdoc/>
    public string Name => "trajectories";

    /// <inheritdoc/>
    public string Title => "Trajectories of single labels";

    /// <inheritdoc/>
    public IEnumerable<ICell> Cells(Study study) => study.BenchmarksWith(Arm.Coefficient).Select(benchmark => Cell(study, benchmark));

    /// <inheritdoc/>
    public Exhibit Create(ExhibitContext context) => new()
    {
        Name = Name,
        Title = Title,
        Notes =
        [
            $"TDD with the coefficient, seed 1, {context.Study.Steps} steps without guidance. Picked by rule among the first {TrajectoryCell.Candidates} test images: the first whose first choice is wrong and last right (corrected), the first that is right at every step (stable), and the one whose choice changes most often (contested).",
        ],
        Trajectories = [.. context.Study.BenchmarksWith(Arm.Coefficient).SelectMany(benchmark => context.Read(Cell(context.Study, benchmark)))],
    };

    private static TrajectoryCell Cell(Study study, Benchmark benchmark) =>
        new(Study.Training(benchmark, Arm.Coefficient, seed: 1), study.Sampling(guidance: 1) with { Seed = 1 });
}
