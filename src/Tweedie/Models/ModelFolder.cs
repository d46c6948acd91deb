using TorchSharp;
using Tweedie.Configuration;
using Tweedie.Formats;
using Tweedie.Networks;
using Tweedie.Platform;
using static TorchSharp.torch;

namespace Tweedie.Models;

/// <summary>A model on disk: <c>config.json</c> and <c>model.safetensors</c>.</summary>
public static class ModelFolder
{
    private const string Config = "config.json";
    private const string Weights = "model.safetensors";
    private const string EncoderPrefix = "encoder.";

    /// <summary>What a folder's model is.</summary>
    /// <exception cref="TweedieException">The folder or its config is missing or damaged.</exception>
    public static ModelKind ReadKind(string folder) => OpenConfig(folder).Kind("kind", ModelKind.Classifier);

    /// <summary>Reads a classifier's config without its weights.</summary>
    /// <exception cref="TweedieException">The folder or its config is missing, or the config is not valid or not a classifier's.</exception>
    public static ClassifierOptions ReadOptions(string folder)
    {
        var options = Bind<ClassifierOptions>(folder, ModelKind.Classifier);
        if (options.ClassNames.Count < 2)
            throw new TweedieException($"{Path.Combine(folder, Config)}: classNames has {options.ClassNames.Count} entries; a classifier needs at least 2.");
        CheckNormalization(folder, options.Encoder, options.Mean, options.Std);
        return options;
    }

    /// <summary>What the config of any model with an image encoder says of it.</summary>
    internal static ImageEncoderOptions ReadEncoder(string folder) =>
        OpenConfig(folder).Only("encoder", "mean", "std").Bind<ImageEncoderOptions>();

    internal static ImageEncoder LoadEncoder(string folder)
    {
        var options = ReadEncoder(folder);
        return Load(folder, [ModelCost.Encoder(options.Encoder)],
            () => new VisionTransformer(options.Encoder), network => new ImageEncoder(options, network), EncoderPrefix);
    }

    internal static void SaveEncoder(string folder, ImageEncoder encoder)
    {
        if (File.Exists(Path.Combine(folder, Weights)))
            throw new TweedieException($"{folder}: holds a model already ({Weights}); choose another folder.");
        Save(folder, encoder.Options, encoder.Network, EncoderPrefix);
    }

    internal static ImageClassifier LoadClassifier(string folder, Device device, Precision precision)
    {
        var options = ReadOptions(folder);
        return Load(folder, ModelCost.Of(options), () => new ClassifierNetwork(options),
            network => new ImageClassifier(options, network.Use(precision), device));
    }

    internal static void Save(string folder, object options, nn.Module network, string prefix = "")
    {
        Folder.Create(folder);
        using var scope = NewDisposeScope();
        SafeTensors.Save(Path.Combine(folder, Weights), network.state_dict().Select(pair => KeyValuePair.Create(prefix + pair.Key, pair.Value)));
        AtomicFile.WriteText(Path.Combine(folder, Config), ConfigWriter.ToJson(options));
    }

    /// <summary>Builds a network, fills it with the folder's weights and wraps it.</summary>
    internal static TModel Load<TNetwork, TModel>(
        string folder, IReadOnlyList<PartCost> parts, Func<TNetwork> create, Func<TNetwork, TModel> wrap, string prefix = "")
        where TNetwork : nn.Module
    {
        ModelSize.Check(Path.Combine(folder, Weights), parts.Sum(part => part.Parameters));
        var network = create();
        try
        {
            SafeTensors.LoadInto(network, Path.Combine(folder, Weights), prefix);
            return wrap(network);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Turns the weights to the precision in which they will be used.</summary>
    internal static TNetwork Use<TNetwork>(this TNetwork network, Precision precision) where TNetwork : nn.Module =>
        precision == Precision.Bf16 ? network.to(ScalarType.BFloat16) : network;

    internal static TOptions Bind<TOptions>(string folder, ModelKind kind) where TOptions : class, new()
    {
        if (ReadKind(folder) is var other && other != kind)
            throw new TweedieException($"{folder} holds a model of kind {other.ToString().ToLowerInvariant()}; give the folder of a {kind.ToString().ToLowerInvariant()}.");
        return OpenConfig(folder).Bind<TOptions>();
    }

    internal static void CheckNormalization(string folder, VisionTransformerOptions encoder, IReadOnlyList<double> mean, IReadOnlyList<double> std)
    {
        if (mean.Count != encoder.Channels || std.Count != encoder.Channels || std.Any(value => value <= 0))
            throw new TweedieException($"{Path.Combine(folder, Config)}: mean = [{string.Join(", ", mean)}] and std = [{string.Join(", ", std)}]; "
                + $"give one number for each of encoder.channels = {encoder.Channels}, std positive.");
    }

    private static ConfigDocument OpenConfig(string folder) => Directory.Exists(folder) ? ConfigDocument.Load(Path.Combine(folder, Config))
        : throw new TweedieException($"{folder}: no such model folder; give the folder that holds {Config} and {Weights}.");
}
