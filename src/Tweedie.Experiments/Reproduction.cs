using System.Reflection;
using Tweedie.Experiments.Cells;
using Tweedie.Experiments.Exhibits;
using Tweedie.Experiments.Paper;
using Tweedie.Platform;
using Tweedie.Storage;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Experiments;

/// <summary>
/// Re-runs tables and figures of the paper. Each finished cell stays on disk and is never done twice, so a reproduction that was killed continues where it
/// stopped and gives the same tables. Several processes may work in one folder at the same time.
/// </summary>
public sealed class Reproduction
{
    private const string RecordLock = "record";
    private const string ExhibitsLock = "exhibits";

    private readonly ReproductionFolder _folder;
    private readonly Study _study;
    private readonly Study _chosen;
    private readonly CellStore _store;

    private Reproduction(ReproductionFolder folder, Study study, Study chosen) =>
        (_folder, _study, _chosen, _store) = (folder, study, chosen, new CellStore(folder.Cells));

    private static string? Version =>
        typeof(Reproduction).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;

    /// <summary>Begins a reproduction, or continues one.</summary>
    /// <param name="folder">Its folder; created if absent.</param>
    /// <param name="study">What is reproduced.</param>
    /// <param name="data">The folder of data sets; empty where there is none.</param>
    /// <param name="command">The command, for the record.</param>
    /// <param name="resume">Whether the folder may hold a reproduction already.</param>
    /// <param name="only">The data sets to work on; by default all.</param>
    /// <exception cref="TweedieException">
    /// The folder holds a reproduction and <paramref name="resume"/> is not set, or its reproduction has another scale or other data or a damaged exhibit; or
    /// a data set is unknown.
    /// </exception>
    public static Reproduction Open(
        ReproductionFolder folder, Study study, string data, string command, bool resume, IReadOnlyCollection<string>? only = null)
    {
        var chosen = study.Only(only ?? []);
        var record = new ReproductionRecord(study.Scale, data, study.Seeds, [command], []) { Version = Version };
        Folder.Create(folder.Exhibits);
        Folder.Create(folder.Locks);
        using var turn = folder.Hold(RecordLock); // processes that begin together add their commands one after the other
        if (File.Exists(folder.Record))
            record = resume ? ExperimentJson.Read<ReproductionRecord>(folder.Record).Continue(record, folder.Path)
                : throw new TweedieException($"{folder.Path}: already holds a reproduction; continue it with --resume, or choose another --out.");
        foreach (var exhibit in Directory.GetFiles(folder.Exhibits, "*.json")) // the report shows them all: a damaged one is better found now than after hours
            ExperimentJson.Read<Exhibit>(exhibit);
        ExperimentJson.Write(folder.Record, record);
        return new(folder, study, chosen);
    }

    /// <summary>A part of the work on a reproduction that another process has opened.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="study">What is reproduced.</param>
    /// <param name="only">The data sets to work on; by default all.</param>
    public static Reproduction Join(ReproductionFolder folder, Study study, IReadOnlyCollection<string>? only = null) =>
        new(folder, study, study.Only(only ?? []));

    /// <summary>
    /// The path of the data sets as the reproduction in a folder spells it, where both paths are the same place. Cells are known by that path, so another
    /// spelling would train everything anew.
    /// </summary>
    /// <param name="folder">The folder; it need not hold a reproduction.</param>
    /// <param name="data">The folder of data sets.</param>
    public static string DataPath(ReproductionFolder folder, string data)
    {
        if (!File.Exists(folder.Record))
            return data;
        using var turn = folder.Hold(RecordLock); // another process may be replacing it at this moment
        var record = ExperimentJson.Read<ReproductionRecord>(folder.Record);
        return record.IsOf(data) ? record.Data : data;
    }

    /// <summary>The cells of experiments, each once. A model's training comes before the cells that use the model.</summary>
    public static IReadOnlyList<ICell> CellsOf(IEnumerable<IExperiment> experiments, Study study) =>
        [.. experiments.SelectMany(experiment => experiment.Cells(study))
            .GroupBy(cell => cell.Model.Identity)
            .SelectMany(model => model.Prepend(model.First().Model))
            .DistinctBy(CellStore.Key)];

    /// <summary>Number of models that have unfinished cells on the chosen data sets: this many processes find work.</summary>
    public int ModelsLeft(IReadOnlyList<IExperiment> experiments) =>
        CellsOf(experiments, _chosen).Where(cell => !_store.Has(cell)).DistinctBy(cell => CellStore.Key(cell.Model)).Count();

    /// <summary>Finishes all cells of the experiments on the chosen data sets.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; what is finished is kept, and a running training has saved a checkpoint.</exception>
    /// <exception cref="TweedieException">The data cannot be read, or a file cannot be written.</exception>
    public void Finish(IReadOnlyList<IExperiment> experiments, Device device,
        IProgress<CellProgress>? progress = null, IProgress<TrainingProgress>? trainingProgress = null, CancellationToken cancellation = default)
    {
        if (ModelsLeft(experiments) > 0)
            RecordHost(cancellation);
        using var context = new CellContext(_store, _folder.Models, device, trainingProgress);
        new CellWorker(_store, _folder, context, progress, cancellation).Finish(CellsOf(experiments, _chosen));
    }

    /// <summary>
    /// Finishes all cells of the experiments on the chosen data sets and writes the exhibits. They show every data set of the study whose cells
    /// are finished, by this command or another. An exhibit that would show nothing is not written.
    /// </summary>
    /// <returns>The exhibits.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; what is finished is kept, and a running training has saved a checkpoint.</exception>
    /// <exception cref="TweedieException">The data cannot be read, or a file cannot be written.</exception>
    public IReadOnlyList<Exhibit> Run(IReadOnlyList<IExperiment> experiments, Device device,
        IProgress<CellProgress>? progress = null, IProgress<TrainingProgress>? trainingProgress = null, CancellationToken cancellation = default)
    {
        Finish(experiments, device, progress, trainingProgress, cancellation);
        using var turn = _folder.Hold(ExhibitsLock, cancellation); // the last of several processes sees what all have finished
        var exhibits = experiments.Select(experiment => experiment.Create(new ExhibitContext(FinishedOf(experiment), _store, _folder.Exhibits)))
            .Where(exhibit => !exhibit.IsEmpty).ToList();
        foreach (var exhibit in exhibits)
            ExperimentJson.Write(_folder.Exhibit(exhibit.Name), exhibit);
        return exhibits;
    }

    private void RecordHost(CancellationToken cancellation)
    {
        using var turn = _folder.Hold(RecordLock, cancellation);
        ExperimentJson.Write(_folder.Record, ExperimentJson.Read<ReproductionRecord>(_folder.Record).With(HostInfo.Read()));
    }

    // The whole study, on the data sets for which all cells of the experiment are finished.
    private Study FinishedOf(IExperiment experiment) =>
        _study.Where(name => experiment.Cells(_study.Where(other => other == name)).All(_store.Has));
}
