using System.Globalization;
using Tweedie.Configuration;
using Tweedie.Formats;
using Tweedie.Models;
using Tweedie.Storage;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>
/// Checkpoints of a run: <c>step-000123/</c> with model, average and optimiser as safetensors, config.json, state.json and the hashes of
/// all of these, and in <c>model/</c> what makes the average a model. Each is written into a temporary folder, synced, and renamed when whole; older ones are deleted only after that.
/// </summary>
internal sealed class CheckpointStore
{
    private const string Prefix = "step-";
    private const string Partial = ".partial";
    private const string Damaged = ".damaged";
    private const string StateFile = ModelPlace.CheckpointState;
    private const string ConfigFile = "config.json";

    private readonly string _folder;
    private readonly int _keep;
    private readonly IFileOperations _files;

    /// <summary>Opens the store; nothing is read or written.</summary>
    /// <param name="folder">The run's folder of checkpoints; created by the first one.</param>
    /// <param name="keep">Checkpoints to keep, newest first.</param>
    public CheckpointStore(string folder, int keep) : this(folder, keep, new DiskOperations()) { }

    internal CheckpointStore(string folder, int keep, IFileOperations files) => (_folder, _keep, _files) = (folder, keep, files);

    /// <summary>The folder of the newest checkpoint, or null.</summary>
    public string? Latest => All().LastOrDefault();

    /// <summary>Checks that there is a checkpoint on resume, and none in a new run.</summary>
    /// <exception cref="TweedieException">A resume has no checkpoint, or a new run has one.</exception>
    public void CheckStart(bool resume)
    {
        if (resume && Latest is null)
            throw TweedieException.Naming($"{_folder}: there is no checkpoint to resume from; start without {RunOptions.Resume}.");
        if (!resume && Latest is { } latest)
            throw TweedieException.Naming($"{latest}: the folder already holds a run; continue it with {RunOptions.Resume}, or choose another {RunOptions.Run}.");
    }

    /// <summary>The newest checkpoint whose files are as they were written, and what is wrong with those after it.</summary>
    /// <exception cref="TweedieException">There is none.</exception>
    public (string Checkpoint, IReadOnlyList<string> Damage) NewestWhole()
    {
        var damage = new List<string>();
        foreach (var checkpoint in All().Reverse())
        {
            if (Checksums.FindDamage(checkpoint) is not { } problem)
                return (checkpoint, damage);
            damage.Add($"{checkpoint}: {problem}");
        }
        throw TweedieException.Naming($"{_folder}: no checkpoint is whole ({string.Join("; ", damage)}); start anew in another {RunOptions.Run}.", kind: FaultKind.Storage);
    }

    /// <summary>Renames the checkpoints after the given one, which are damaged, so that the run can write them anew.</summary>
    /// <exception cref="TweedieException">One cannot be renamed.</exception>
    public void SetAsideAfter(string checkpoint)
    {
        foreach (var damaged in All().Where(other => StepOf(other) > StepOf(checkpoint)).ToList())
        {
            Try(damaged, $"set aside", () =>
            {
                if (Directory.Exists(damaged + Damaged))
                    _files.DeleteFolder(damaged + Damaged);
                _files.MoveFolder(damaged, damaged + Damaged);
            });
        }
    }

    /// <summary>Writes a checkpoint, unless the step has one, then deletes the oldest beyond the number to keep.</summary>
    /// <exception cref="TweedieException">It cannot be written, or the oldest cannot be deleted; whole checkpoints stay whole.</exception>
    public void Save(ITrainingTask task, TrainingState training)
    {
        var target = Path.Combine(_folder, FormattableString.Invariant($"{Prefix}{training.Step:D6}"));
        if (Directory.Exists(target))
            return;
        Try(target, $"written, earlier ones are whole; make room and continue with {RunOptions.Resume}", () =>
        {
            DeletePartial(); // what a killed process left
            var aside = target + Partial;
            _files.CreateFolder(aside);
            Write(aside, task, training);
            _files.MoveFolder(aside, target);
            _files.FlushFolder(_folder);
        });
        foreach (var old in All().SkipLast(_keep).ToList())
        {
            Try(old, $"deleted; delete it and continue with {RunOptions.Resume}", () =>
            {
                _files.MoveFolder(old, old + Partial); // half deleted, it must not look like a checkpoint
                _files.DeleteFolder(old + Partial);
            });
        }
    }

    /// <summary>Reads a checkpoint's state without its weights.</summary>
    /// <exception cref="TweedieException">The file is missing or damaged.</exception>
    public static CheckpointState ReadState(string checkpoint) =>
        Fault.Of(FaultKind.Storage, () => ConfigDocument.Load(Path.Combine(checkpoint, StateFile)).Bind<CheckpointState>());

    /// <summary>Reads the config, fully resolved, of the run that wrote a checkpoint: a resume compares it with the one it is given.</summary>
    /// <exception cref="TweedieException">The file is missing or damaged.</exception>
    public static RunConfig ReadConfig(string checkpoint) =>
        Fault.Of(FaultKind.Storage, () => RunConfig.From(ConfigDocument.Parse(TextFile.Read(ConfigOf(checkpoint)), ConfigOf(checkpoint)))); // paths as the run had them

    /// <summary>Sets a training to where a checkpoint stands: counters, weights and moments.</summary>
    /// <exception cref="TweedieException">A file is damaged or does not fit the network.</exception>
    public static void Load(string checkpoint, TrainingState training)
    {
        using var scope = NewDisposeScope();
        foreach (var (name, tensors) in training.Parts())
            SafeTensors.LoadInto(tensors, Path.Combine(checkpoint, name));
        training.Counters = ReadState(checkpoint);
    }

    private void Write(string aside, ITrainingTask task, TrainingState training)
    {
        using var scope = NewDisposeScope();
        foreach (var (name, tensors) in training.Parts())
            SafeTensors.Save(Path.Combine(aside, name), tensors, metadata: null, _files);
        task.SaveDescription(Path.Combine(aside, ModelPlace.Model));
        AtomicFile.WriteText(Path.Combine(aside, ConfigFile), ConfigWriter.ToJson(task.Config), _files);
        AtomicFile.WriteText(Path.Combine(aside, StateFile), ConfigWriter.ToJson(training.Counters), _files);
        Checksums.Write(aside, _files);
    }

    private IEnumerable<string> All() => Folders()
        .Where(path => StepOf(path) is not null)
        .OrderBy(StepOf);

    private void DeletePartial()
    {
        foreach (var partial in Folders().Where(path => path.EndsWith(Partial, StringComparison.Ordinal)))
            _files.DeleteFolder(partial);
    }

    private string[] Folders() => Directory.Exists(_folder) ? Directory.GetDirectories(_folder, Prefix + "*") : [];

    private static void Try(string checkpoint, FormattableString what, Action action)
    {
        try
        {
            action();
        }
        catch (Exception error) when (error is TweedieException || error.IsFileError())
        {
            throw TweedieException.Naming($"{checkpoint}: the checkpoint cannot be {what} ({error.Message})", error, FaultKind.Storage);
        }
    }

    private static string ConfigOf(string checkpoint) => Path.Combine(checkpoint, ConfigFile);

    private static long? StepOf(string path) =>
        long.TryParse(Path.GetFileName(path).AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : null;
}
