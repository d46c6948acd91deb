using Tweedie.Experiments;
using Tweedie.Experiments.Cells;
using Tweedie.Experiments.Paper;
using static TorchSharp.torch;

namespace Tweedie.Cli.Commands;

/// <summary>What the user asks of <c>tweedie reproduce</c>.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Study">The data sets, settings and seeds.</param>
/// <param name="Experiments">The tables and figures.</param>
/// <param name="Only">The data sets to work on; empty means all.</param>
/// <param name="Device">Where to compute.</param>
internal sealed record ReproductionTask(ReproductionFolder Folder, Study Study, IReadOnlyList<IExperiment> Experiments, IReadOnlyCollection<string> Only, Device Device)
{
    /// <summary>The study on the chosen data sets.</summary>
    public Study Chosen => Study.Only(Only);

    /// <summary>Inputs that its unfinished cells read and that are missing.</summary>
    public IReadOnlyList<string> MissingInputs()
    {
        var store = new CellStore(Folder.Cells);
        return CellInputs.Missing(Reproduction.CellsOf(Experiments, Chosen).Where(cell => !store.Has(cell)));
    }
}
