using TorchSharp;
using Tweedie.Configuration;
using Tweedie.Formats;
using Tweedie.Networks;
using Tweedie.Platform;
using Tweedie.Storage;
using static TorchSharp.torch;

namespace Tweedie.Models;

/// <summary>
/// A model on disk: <c>config.json</c> and <c>model.safetensors</c>. A custom model is written by <see cref="Save(string, object, nn.Module)"/> and
/// read by <see cref="ReadOptions"/> and <see cref="Load{TNetwork, TModel}(string, long, Func{TNetwork}, Func{TNetwork, TModel})"/>. Wherever a model is read, the
/// folder may also be that of a training, which stands for its model, or one of its checkpoints, which stands for its averaged weights.
/// </summary>
public static class ModelFolder
{
    /// <summary>The kind of an <see cref="ImageClassifier"/> in its config; configs without a kind are classifiers.</summary>
    public const string Classifier = "classifier";

    /// <summary>The kind of an <see cref="ImageCaptioner"/> in its config.</summary>
    public const string Captioner = "captioner";

    /// <summary>The kind of an <see cref="ImageEncoder"/> in its config.</summary>
    public const string Encoder = "encoder";

    /// <summary>The kind of a <see cref="ClipModel"/> in its config.</summary>
    public const string Clip = "clip";

    /// <summary>The kind of a <see cref="TextGenerator"/> in its config.</summary>
    public const string TextGenerator = "textGenerator";

    /// <summary>The kind of a <see cref="RowGenerator"/> in its config.</summary>
    public const string RowGenerator = "rowGenerator";

    /// <summary>The kind of an <see cref="ImageAnnotator"/> in its config.</summary>
    public const string Annotator = "annotator";

    private const string Config = ModelPlace.Config;
    private const string Weights = "model.safetensors";
    private const string EncoderPrefix = "encoder.";

    /// <summary>The folder with the config and the tokenizer of a model that is named by its own folder, by that of its training, or by a checkpoint.</summary>
    /// <exception cref="TweedieException">A training has no model yet, or a checkpoint does not say which model it is.</exception>
    public static string Find(string path) => ModelPlace.Find(path).Folder;

    /// <summary>The kind of a folder's model: one of the names above, or that of a custom model.</summary>
    /// <exception cref="TweedieException">The folder or its config is missing or damaged.</exception>
    public static string ReadKind(string folder) => Fault.Of(FaultKind.Model, () => OpenConfig(folder).Text("kind", Classifier));

    /// <summary>The SHA-256 of a folder's weights in hexadecimal, which identifies a model whatever its folder is called.</summary>
    /// <exception cref="TweedieException">The weights are missing or cannot be read.</exception>
    public static string HashOf(string folder) => Fault.Of(FaultKind.Model, () => SafeTensorsIndex.HashOf(WeightsOf(folder)));

    /// <summary>The config file of a folder.</summary>
    internal static string ConfigOf(string folder) => Path.Combine(Find(folder), Config);

    /// <summary>The file of the weights, or the index of several.</summary>
    internal static string WeightsOf(string folder) => ModelPlace.Find(folder) is var place && place.Weights is { } weights ? weights : SafeTensorsIndex.WeightsOf(place.Folder, Weights);

    /// <summary>The encoder and its input, as the config of any model with an image encoder describes them.</summary>
    internal static ImageEncoderOptions ReadEncoder(string folder) =>
        Fault.Of(FaultKind.Model, () => OpenConfig(folder).Only("encoder", "mean", "std", "cropRatio", "fit", "interpolation").Bind<ImageEncoderOptions>());

    internal static ImageEncoder LoadEncoder(string folder)
    {
        var options = ReadEncoder(folder);
        return Load(folder, [ModelCost.Encoder(options.Encoder)],
            () => new VisionTransformer(options.Encoder), network => new ImageEncoder(options, network), EncoderPrefix);
    }

    internal static void SaveEncoder(string folder, ImageEncoder encoder)
    {
        if (File.Exists(SafeTensorsIndex.WeightsOf(folder, Weights)))
            throw new TweedieException($"{folder}: holds a model already ({Weights}); choose another folder.");
        Save(folder, encoder.Options, encoder.Network, EncoderPrefix);
    }

    /// <summary>Writes a model folder.</summary>
    /// <param name="folder">The folder; created if absent.</param>
    /// <param name="options">A record with everything that building the network and feeding it needs. Its text <c>Kind</c> says what the model is.</param>
    /// <param name="network">The network; its parameters and buffers are saved by name.</param>
    /// <exception cref="TweedieException">The folder cannot be written; each file is then the old one or the new.</exception>
    public static void Save(string folder, object options, nn.Module network) => Save(folder, options, network, "");

    private static void Save(string folder, object options, nn.Module network, string prefix)
    {
        Folder.Create(folder);
        using var scope = NewDisposeScope();
        SafeTensors.Save(Path.Combine(folder, Weights), network.state_dict().Select(pair => KeyValuePair.Create(prefix + pair.Key, pair.Value)));
        SaveOptions(folder, options);
    }

    /// <summary>Writes the config of a model folder alone.</summary>
    /// <param name="folder">The folder; created if absent.</param>
    /// <param name="options">The record that <see cref="Save(string, object, nn.Module)"/> gets.</param>
    /// <exception cref="TweedieException">The folder cannot be written.</exception>
    public static void SaveOptions(string folder, object options)
    {
        Folder.Create(folder);
        AtomicFile.WriteText(Path.Combine(folder, Config), ConfigWriter.ToJson(options));
    }

    /// <summary>Builds a network, fills it with the folder's weights and wraps it. The network is disposed of if that fails.</summary>
    /// <typeparam name="TNetwork">The network.</typeparam>
    /// <typeparam name="TModel">The model.</typeparam>
    /// <param name="folder">The folder.</param>
    /// <param name="parameters">How many parameters the config describes: a config of a far larger model than the weights is refused before memory is taken for it.</param>
    /// <param name="create">Builds the network that the config describes.</param>
    /// <param name="wrap">Makes the model, which owns the network.</param>
    /// <exception cref="TweedieException">The weights are missing or damaged, or do not fit the network.</exception>
    public static TModel Load<TNetwork, TModel>(string folder, long parameters, Func<TNetwork> create, Func<TNetwork, TModel> wrap)
        where TNetwork : nn.Module => Load(folder, parameters, create, wrap, "");

    /// <summary>Builds a network, fills it with the folder's weights and wraps it.</summary>
    internal static TModel Load<TNetwork, TModel>(
        string folder, IReadOnlyList<PartCost> parts, Func<TNetwork> create, Func<TNetwork, TModel> wrap, string prefix = "")
        where TNetwork : nn.Module => Load(folder, parts.Sum(part => part.Parameters), create, wrap, prefix);

    private static TModel Load<TNetwork, TModel>(string folder, long parameters, Func<TNetwork> create, Func<TNetwork, TModel> wrap, string prefix)
        where TNetwork : nn.Module
    {
        var weights = WeightsOf(folder);
        ModelSize.Check(weights, parameters);
        var network = create();
        try
        {
            SafeTensors.LoadInto(network, weights, prefix);
            return wrap(network);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Converts the weights to the precision in which they will be used.</summary>
    internal static TNetwork Use<TNetwork>(this TNetwork network, Precision precision) where TNetwork : nn.Module =>
        precision == Precision.Bf16 ? network.to(ScalarType.BFloat16) : network;

    /// <summary>Reads and checks the config of a model of a kind, without its weights.</summary>
    /// <typeparam name="TOptions">The record that was saved.</typeparam>
    /// <param name="folder">The folder.</param>
    /// <param name="kind">What the model should be: the <c>Kind</c> of the record.</param>
    /// <exception cref="TweedieException">The folder or its config is missing, or the config is not valid or that of another kind.</exception>
    public static TOptions ReadOptions<TOptions>(string folder, string kind) where TOptions : class
    {
        if (ReadKind(folder) is var other && other != kind)
            throw new TweedieException($"{folder} holds a model of kind {OneLine.Of(other)}; give the folder of a {kind}.", FaultKind.Model);
        var options = Fault.Of(FaultKind.Model, () => OpenConfig(folder).Bind<TOptions>());
        return (options as ImageInputOptions)?.Unusable() is { } problem ? throw new TweedieException($"{ConfigOf(folder)}: {problem}", FaultKind.Model) : options;
    }

    /// <summary>Refuses options of a model that could be saved but not be loaded again, before it is trained.</summary>
    /// <exception cref="TweedieException">The options are not valid in a model's config, or would not be read as they were written.</exception>
    internal static void CheckStorable<TOptions>(TOptions options) where TOptions : class
    {
        const string origin = "the model could not be loaded again";
        var written = ConfigWriter.ToJson(options);
        if (written.Length > TextFile.MaximumLength)
            throw new TweedieException($"{origin}: its {Config} would have {written.Length} characters, and at most {TextFile.MaximumLength} are read; use shorter or fewer class names.");
        var read = ConfigDocument.Parse(written, origin).Bind<TOptions>();
        if ((read as ImageInputOptions)?.Unusable() is { } problem)
            throw new TweedieException($"{origin}: {problem}");
        if (ConfigWriter.ToJson(read) != written)
            throw new TweedieException($"{origin}: its {Config} would be read as other options than were written; use plain names for the classes.");
    }

    private static ConfigDocument OpenConfig(string folder) => ConfigOf(folder) is var config && File.Exists(config) ? ConfigDocument.Load(config)
        : throw new TweedieException($"{folder}: {ModelPlace.Describe(folder, $"{Config} and {Weights}")}", FaultKind.Model);
}
