using System.Globalization;
using Tweedie.Configuration;
using Tweedie.Formats;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>
/// Checkpoints of a run: <c>step-000123/</c> with model, average and optimiser as safetensors, and state.json.
/// Each is written into a folder aside and renamed when whole; older ones are deleted only after that.
/// </summary>
public sealed class CheckpointStore(string folder, int keep)
{
    private const string Prefix = "step-";
    private const string Partial = ".partial";
    private const string StateFile = "state.json";

    /// <summary>The folder of the newest whole checkpoint, or null.</summary>
    public string? Latest => All().LastOrDefault();

    /// <summary>Writes a checkpoint, then deletes the oldest beyond the number to keep.</summary>
    /// <exception cref="TweedieException">It cannot be written; earlier checkpoints are whole.</exception>
    public void Save(CheckpointState state, TrainingState training)
    {
        var target = Path.Combine(folder, FormattableString.Invariant($"{Prefix}{state.Step:D6}"));
        var aside = target + Partial;
        try
        {
            if (Directory.Exists(aside))
                Directory.Delete(aside, recursive: true);
            Directory.CreateDirectory(aside);
            using (NewDisposeScope())
                foreach (var (name, tensors) in training.Parts())
                    SafeTensors.Save(Path.Combine(aside, name + ".safetensors"), tensors);
            AtomicFile.WriteText(Path.Combine(aside, StateFile), ConfigWriter.ToJson(state));
            if (Directory.Exists(target))
                Directory.Delete(target, recursive: true);
            Directory.Move(aside, target);
            foreach (var old in All().SkipLast(keep).ToList())
                Directory.Delete(old, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TweedieException($"{target}: the checkpoint could not be written ({error.Message}); free space or choose another --out, then --resume.", error);
        }
    }

    /// <summary>Reads a checkpoint's state without its weights.</summary>
    public static CheckpointState ReadState(string checkpoint) =>
        ConfigDocument.Load(Path.Combine(checkpoint, StateFile)).Bind<CheckpointState>();

    /// <summary>Loads a checkpoint's weights and moments into a training.</summary>
    /// <exception cref="TweedieException">A file is damaged or does not fit the network.</exception>
    public static void Load(string checkpoint, TrainingState training)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, tensors) in training.Parts())
            SafeTensors.LoadInto(tensors, Path.Combine(checkpoint, name + ".safetensors"));
    }

    private IEnumerable<string> All() => !Directory.Exists(folder) ? [] : Directory.EnumerateDirectories(folder, Prefix + "*")
        .Where(path => long.TryParse(Path.GetFileName(path).AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out _))
        .OrderBy(path => long.Parse(Path.GetFileName(path).AsSpan(Prefix.Length), CultureInfo.InvariantCulture));
}
