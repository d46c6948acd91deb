using Tweedie.Configuration;
using Tweedie.Formats;
using static TorchSharp.torch;

namespace Tweedie.Models;

/// <summary>A model on disk: <c>config.json</c> and <c>model.safetensors</c>.</summary>
public static class ModelFolder
{
    private const string Config = "config.json";
    private const string Weights = "model.safetensors";

    // A model that misses its weights by less than this is built: the differences are then named tensor by tensor.
    private const long Misfit = 4 << 20;

    internal static void Save(string folder, ClassifierOptions options, ClassifierNetwork network)
    {
        Folder.Create(folder);
        using var scope = NewDisposeScope();
        SafeTensors.Save(Path.Combine(folder, Weights), network.state_dict());
        AtomicFile.WriteText(Path.Combine(folder, Config), ConfigWriter.ToJson(options));
    }

    /// <summary>Reads a model's config without its weights.</summary>
    /// <exception cref="TweedieException">The folder or its config is missing, or the config is not valid.</exception>
    public static ClassifierOptions ReadOptions(string folder)
    {
        if (!Directory.Exists(folder))
            throw new TweedieException($"{folder}: no such model folder; give the folder that holds {Config} and {Weights}.");
        var configPath = Path.Combine(folder, Config);
        var options = ConfigDocument.Load(configPath).Bind<ClassifierOptions>();
        if (options.ClassNames.Count < 2)
            throw new TweedieException($"{configPath}: classNames has {options.ClassNames.Count} entries; a classifier needs at least 2.");
        if (options.Mean.Count != options.Encoder.Channels || options.Std.Count != options.Encoder.Channels || options.Std.Any(value => value <= 0))
            throw new TweedieException($"{configPath}: mean = [{string.Join(", ", options.Mean)}] and std = [{string.Join(", ", options.Std)}]; "
                + $"give one number for each of encoder.channels = {options.Encoder.Channels}, std positive.");
        return options;
    }

    internal static ImageClassifier LoadClassifier(string folder, Device device)
    {
        var options = ReadOptions(folder);
        CheckSize(folder, ModelCost.Of(options));
        var network = new ClassifierNetwork(options);
        try
        {
            SafeTensors.LoadInto(network, Path.Combine(folder, Weights));
            return new ImageClassifier(options, network, device);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Refuses a config of a far larger model than the weights beside it, before memory is taken for it.</summary>
    private static void CheckSize(string folder, IReadOnlyList<PartCost> parts)
    {
        var described = parts.Sum(part => part.Parameters);
        var stored = SafeTensorsHeader.Load(Path.Combine(folder, Weights)).Tensors.Sum(tensor => tensor.Shape.Aggregate(1L, (product, size) => product * size));
        if (described > 2 * stored + Misfit)
            throw new TweedieException($"{Path.Combine(folder, Config)}: describes {described} parameters, but {Weights} holds {stored}; they do not belong together.");
    }
}
