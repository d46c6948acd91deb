using Tweedie.Experiments.Cells;
using Tweedie.Experiments.Exhibits;
using Tweedie.Experiments.Paper;
using Tweedie.Formats;
using Tweedie.Platform;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Experiments;

/// <summary>
/// Re-runs tables and figures of the paper. Each finished cell stays on disk and is never done twice, so one that was killed continues
/// where it stopped and gives the same tables. Several processes may work in one folder at the same time.
/// </summary>
public sealed class Reproduction
{
    private readonly ReproductionFolder _folder;
    private readonly Study _study;
    private readonly CellStore _store;

    private Reproduction(ReproductionFolder folder, Study study) =>
        (_folder, _study, _store) = (folder, study, new CellStore(folder.Cells));

    /// <summary>Begins a reproduction, or continues one.</summary>
    /// <param name="folder">Its folder; created if absent.</param>
    /// <param name="study">What is reproduced.</param>
    /// <param name="data">The folder of data sets; empty where there is none.</param>
    /// <param name="command">The command, for the record.</param>
    /// <param name="resume">Whether the folder may hold a reproduction already.</param>
    /// <exception cref="TweedieException">
    /// The folder holds a reproduction and <paramref name="resume"/> is not set, or it is one of another scale or other data.
    /// </exception>
    public static Reproduction Open(ReproductionFolder folder, Study study, string data, string command, bool resume)
    {
        var record = new ReproductionRecord(study.Scale, data, study.Seeds, [command], [HostInfo.Read()]);
        if (File.Exists(folder.Record))
            record = resume ? ExperimentJson.Read<ReproductionRecord>(folder.Record).Continue(record, folder.Path)
                : throw new TweedieException($"{folder.Path}: already holds a reproduction; continue it with --resume, or choose another --out.");
        Folder.Create(folder.Exhibits);
        Folder.Create(folder.Locks);
        ExperimentJson.Write(folder.Record, record);
        return new(folder, study);
    }

    /// <summary>The cells of experiments: each once, and each model's training before what is done with it.</summary>
    public static IReadOnlyList<ICell> CellsOf(IEnumerable<IExperiment> experiments, Study study) =>
        [.. experiments.SelectMany(experiment => experiment.Cells(study))
            .GroupBy(cell => cell.Model.Identity)
            .SelectMany(model => model.Prepend(model.First().Model))
            .DistinctBy(CellStore.Key)];

    /// <summary>Finishes all cells of the experiments and writes their exhibits.</summary>
    /// <returns>The exhibits.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; what is finished is kept, and a running training has saved a checkpoint.</exception>
    /// <exception cref="TweedieException">The data cannot be read, or a file cannot be written.</exception>
    public IReadOnlyList<Exhibit> Run(IReadOnlyList<IExperiment> experiments, Device device,
        IProgress<CellProgress>? progress = null, IProgress<TrainingProgress>? trainingProgress = null, CancellationToken cancellation = default)
    {
        using (var context = new CellContext(_store, _folder.Models, device, trainingProgress))
            new CellWorker(_store, _folder, context, progress, cancellation).Finish(CellsOf(experiments, _study));
        var exhibits = experiments.Select(experiment => experiment.Create(new ExhibitContext(_study, _store, _folder.Exhibits))).ToList();
        foreach (var exhibit in exhibits)
            ExperimentJson.Write(_folder.Exhibit(exhibit.Name), exhibit);
        return exhibits;
    }
}
