using TorchSharp;
using Tweedie.Configuration;
using Tweedie.Formats;
using Tweedie.Networks;
using Tweedie.Platform;
using Tweedie.Storage;
using static TorchSharp.torch;

namespace Tweedie.Models;

/// <summary>A model on disk: <c>config.json</c> and <c>model.safetensors</c>.</summary>
public static class ModelFolder
{
    /// <summary>What the config of an <see cref="ImageClassifier"/> calls it; configs without a kind are classifiers.</summary>
    public const string Classifier = "classifier";

    /// <summary>What the config of an <see cref="ImageCaptioner"/> calls it.</summary>
    public const string Captioner = "captioner";

    /// <summary>What the config of an <see cref="ImageEncoder"/> calls it.</summary>
    public const string Encoder = "encoder";

    /// <summary>What the config of a <see cref="ClipModel"/> calls it.</summary>
    public const string Clip = "clip";

    private const string Config = "config.json";
    private const string Weights = "model.safetensors";
    private const string EncoderPrefix = "encoder.";

    /// <summary>What a folder's model is: one of the names above, or that of a model of one's own.</summary>
    /// <exception cref="TweedieException">The folder or its config is missing or damaged.</exception>
    public static string ReadKind(string folder) => OpenConfig(folder).Text("kind", Classifier);

    /// <summary>The config file of a folder.</summary>
    internal static string ConfigOf(string folder) => Path.Combine(folder, Config);

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

    /// <summary>Reads the options of a model of a kind.</summary>
    internal static TOptions Bind<TOptions>(string folder, string kind) where TOptions : ImageInputOptions
    {
        if (ReadKind(folder) is var other && other != kind)
            throw new TweedieException($"{folder} holds a model of kind {OneLine.Of(other)}; give the folder of a {kind}.");
        var options = OpenConfig(folder).Bind<TOptions>();
        if (options.CheckNormalization().FirstOrDefault() is { } problem)
            throw new TweedieException($"{ConfigOf(folder)}: mean = [{string.Join(", ", options.Mean)}] and std = [{string.Join(", ", options.Std)}]: "
                + $"{problem.MemberNames.First().ToLowerInvariant()} {problem.ErrorMessage}.");
        return options;
    }

    private static ConfigDocument OpenConfig(string folder) => Directory.Exists(folder) ? ConfigDocument.Load(Path.Combine(folder, Config))
        : throw new TweedieException($"{folder}: no such model folder; give the folder that holds {Config} and {Weights}.");
}
