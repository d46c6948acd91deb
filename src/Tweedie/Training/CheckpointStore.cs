using System.Globalization;
using Tweedie.Configuration;
using Tweedie.Formats;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>
/// Checkpoints of a run: <c>step-000123/</c> with model, average and optimiser as safetensors, config.json and state.json.
/// Each is written into a folder aside and renamed when whole; older ones are deleted only after that.
/// </summary>
/// <param name="folder">The run's folder of checkpoints; created by the first one.</param>
/// <param name="keep">Checkpoints to keep, newest first.</param>
public sealed class CheckpointStore(string folder, int keep)
{
    private const string Prefix = "step-";
    private const string Partial = ".partial";
    private const string StateFile = "state.json";
    private const string ConfigFile = "config.json";

    /// <summary>The folder of the newest whole checkpoint, or null.</summary>
    public string? Latest => All().LastOrDefault();

    /// <summary>Where a training begins: at the newest checkpoint on resume, at none (null) in a new run.</summary>
    /// <exception cref="TweedieException">There is no checkpoint to resume from, or there is one and the run is new.</exception>
    public string? Start(bool resume) => (resume, Latest) switch
    {
        (true, null) => throw new TweedieException($"{folder}: there is no checkpoint to resume from; start without --resume."),
        (false, { } latest) => throw new TweedieException($"{latest}: the folder already holds a run; continue it with --resume, or choose another --out."),
        (_, var latest) => latest,
    };

    /// <summary>Writes a checkpoint, unless the step has one, then deletes the oldest beyond the number to keep.</summary>
    /// <exception cref="TweedieException">It cannot be written; earlier checkpoints are whole.</exception>
    public void Save(long step, RunConfig config, TrainingState training)
    {
        var target = Path.Combine(folder, FormattableString.Invariant($"{Prefix}{step:D6}"));
        if (Directory.Exists(target))
            return;
        try
        {
            DeletePartial(); // what a killed process left
            var aside = target + Partial;
            Directory.CreateDirectory(aside);
            using (NewDisposeScope())
                foreach (var (name, tensors) in training.Parts())
                    SafeTensors.Save(Path.Combine(aside, name + ".safetensors"), tensors);
            AtomicFile.WriteText(Path.Combine(aside, ConfigFile), ConfigWriter.ToJson(config));
            AtomicFile.WriteText(Path.Combine(aside, StateFile), ConfigWriter.ToJson(new CheckpointState { Step = step }));
            Directory.Move(aside, target);
            new DiskOperations().FlushFolder(folder);
            foreach (var old in All().SkipLast(keep).ToList())
                Directory.Delete(old, recursive: true);
        }
        catch (Exception error) when (error is TweedieException || error.IsFileError())
        {
            throw new TweedieException($"{target}: the checkpoint cannot be written, earlier ones are whole; make room and --resume ({error.Message})", error);
        }
    }

    /// <summary>Reads a checkpoint's state without its weights.</summary>
    /// <exception cref="TweedieException">The file is missing or damaged.</exception>
    public static CheckpointState ReadState(string checkpoint) =>
        ConfigDocument.Load(Path.Combine(checkpoint, StateFile)).Bind<CheckpointState>();

    /// <summary>Reads the config, fully resolved, of the run that wrote a checkpoint: a resume compares it with the one it is given.</summary>
    /// <exception cref="TweedieException">The file is missing or damaged.</exception>
    public static RunConfig ReadConfig(string checkpoint) => RunConfig.From(ConfigDocument.Load(Path.Combine(checkpoint, ConfigFile)));

    /// <summary>Loads a checkpoint's weights and moments into a training.</summary>
    /// <exception cref="TweedieException">A file is damaged or does not fit the network.</exception>
    public static void Load(string checkpoint, TrainingState training)
    {
        using var scope = NewDisposeScope();
        foreach (var (name, tensors) in training.Parts())
            SafeTensors.LoadInto(tensors, Path.Combine(checkpoint, name + ".safetensors"));
    }

    private IEnumerable<string> All() => Folders()
        .Where(path => StepOf(path) is not null)
        .OrderBy(StepOf);

    private void DeletePartial()
    {
        foreach (var partial in Folders().Where(path => path.EndsWith(Partial, StringComparison.Ordinal)))
            Directory.Delete(partial, recursive: true);
    }

    private string[] Folders() => Directory.Exists(folder) ? Directory.GetDirectories(folder, Prefix + "*") : [];

    private static long? StepOf(string path) =>
        long.TryParse(Path.GetFileName(path).AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : null;
}
