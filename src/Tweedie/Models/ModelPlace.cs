namespace Tweedie.Models;

/// <summary>Where the files of a model are. A model is named by its own folder, by the folder of the training that made it, or by a checkpoint of that training.</summary>
/// <param name="Folder">The folder with the config and the tokenizer.</param>
/// <param name="Weights">The file of the weights, where it is not <c>model.safetensors</c> in the folder.</param>
internal sealed record ModelPlace(string Folder, string? Weights = null)
{
    /// <summary>The file that makes a folder a model's.</summary>
    public const string Config = "config.json";

    /// <summary>In the folder of a training, the folder of its model; in a checkpoint, the folder that describes its model.</summary>
    public const string Model = "model";

    /// <summary>The file that makes a folder a training's.</summary>
    public const string RunConfig = "config.yaml";

    /// <summary>In the folder of a training, the folder of its checkpoints.</summary>
    public const string Checkpoints = "checkpoints";

    /// <summary>The file that makes a folder a checkpoint.</summary>
    public const string CheckpointState = "state.json";

    /// <summary>In a checkpoint, the file of the averaged weights.</summary>
    public const string CheckpointAverage = "ema.safetensors";

    /// <summary>Finds the model that a path names. A path that is no training's and no checkpoint's is the model's own folder.</summary>
    /// <exception cref="TweedieException">A training has no model yet, or a checkpoint does not say which model it is.</exception>
    public static ModelPlace Find(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (IsCheckpoint(path))
            return File.Exists(In(path, Model, Config)) ? new(In(path, Model), In(path, CheckpointAverage))
                : throw new TweedieException($"{path}: is a checkpoint that does not say which model it is; give the training's {Model} folder, or resume the training.", FaultKind.Model);
        if (!IsRun(path))
            return new(path);
        return File.Exists(In(path, Model, Config)) ? new(In(path, Model)) : throw new TweedieException($"{path}: {WithoutModel(path)}", FaultKind.Model);
    }

    /// <summary>What a path is that names no model, and what to give instead.</summary>
    public static string Describe(string path, string files)
    {
        if (File.Exists(path))
            return $"is a file; give the folder that holds {files}.";
        if (!Directory.Exists(path))
            return $"no such model folder; give the folder that holds {files}.";
        if (Children(path).LastOrDefault(IsCheckpoint) is { } checkpoint)
            return $"holds the checkpoints of a training; give one of them, such as {checkpoint}.";
        if (Children(path).FirstOrDefault(child => IsRun(child) || File.Exists(In(child, Config))) is { } inside)
            return $"holds no model itself, but folders that do; give one of them, such as {inside}.";
        return $"holds no model; give the folder of a model, with {files}, that of a training, or one of its checkpoints.";
    }

    private static string WithoutModel(string run)
    {
        const string when = "is a training without a model, which its first evaluation writes";
        var checkpoint = Children(In(run, Checkpoints)).LastOrDefault(IsCheckpoint);
        return checkpoint is null ? $"{when}; wait for it, or resume the training." : $"{when}; give a checkpoint, such as {checkpoint}, or resume the training.";
    }

    private static bool IsRun(string path) => !File.Exists(In(path, Config)) && (File.Exists(In(path, RunConfig)) || File.Exists(In(path, Model, Config)));

    private static bool IsCheckpoint(string path) => File.Exists(In(path, CheckpointState)) && File.Exists(In(path, CheckpointAverage));

    private static string[] Children(string path) => Directory.Exists(path) ? [.. Directory.GetDirectories(path).Order(StringComparer.Ordinal)] : [];

    private static string In(params string[] parts) => Path.Combine(parts);
}
