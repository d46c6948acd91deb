using Tweedie.Configuration;
using Tweedie.Formats;
using Tweedie.Networks;
using static TorchSharp.torch;

namespace Tweedie.Models;

/// <summary>An image encoder on its own: the start of a model that is trained on top of it.</summary>
/// <param name="options">The encoder's size and the normalisation of its input.</param>
/// <param name="network">The encoder; owned by this.</param>
public sealed class ImageEncoder(ImageEncoderOptions options, VisionTransformer network) : IDisposable
{
    private const string Config = "config.json";
    private const string Weights = "model.safetensors";
    private const string Prefix = "encoder.";

    /// <summary>The encoder's size and the normalisation of its input.</summary>
    public ImageEncoderOptions Options { get; } = options;

    /// <summary>The encoder.</summary>
    public VisionTransformer Network { get; } = network;

    /// <summary>Loads the encoder of a model folder: an imported encoder, or a trained model that has one.</summary>
    /// <exception cref="TweedieException">A file is missing or damaged, the model has no encoder, or its weights do not fit.</exception>
    public static ImageEncoder Load(string folder)
    {
        var options = ReadOptions(folder);
        var network = new VisionTransformer(options.Encoder);
        try
        {
            SafeTensors.LoadInto(network, Path.Combine(folder, Weights), Prefix);
            return new ImageEncoder(options, network);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Reads what a model folder's config says of its encoder.</summary>
    /// <exception cref="TweedieException">The folder or its config is missing or damaged, or the model has no encoder.</exception>
    public static ImageEncoderOptions ReadOptions(string folder) => Directory.Exists(folder)
        ? ConfigDocument.Load(Path.Combine(folder, Config)).Only("encoder", "mean", "std").Bind<ImageEncoderOptions>()
        : throw new TweedieException($"{folder}: no such model folder; give the folder that holds {Config} and {Weights}.");

    /// <summary>Writes a folder that <see cref="Load"/> takes.</summary>
    /// <exception cref="TweedieException">The folder holds a model already, or cannot be written.</exception>
    public void Save(string folder)
    {
        if (File.Exists(Path.Combine(folder, Weights)))
            throw new TweedieException($"{folder}: holds a model already ({Weights}); choose another folder.");
        Folder.Create(folder);
        using var scope = NewDisposeScope();
        SafeTensors.Save(Path.Combine(folder, Weights), Network.state_dict().Select(pair => KeyValuePair.Create(Prefix + pair.Key, pair.Value)));
        AtomicFile.WriteText(Path.Combine(folder, Config), ConfigWriter.ToJson(Options));
    }

    /// <inheritdoc/>
    public void Dispose() => Network.Dispose();
}
