using TorchSharp;
using Tweedie.Configuration;
using Tweedie.Formats;
using static TorchSharp.torch;

namespace Tweedie.Models;

/// <summary>A model on disk: <c>config.json</c> and <c>model.safetensors</c>.</summary>
internal static class ModelFolder
{
    private const string Config = "config.json";
    private const string Weights = "model.safetensors";

    public static void Save(string folder, ClassifierOptions options, ClassifierNetwork network)
    {
        Directory.CreateDirectory(folder);
        using var scope = NewDisposeScope();
        SafeTensors.Save(Path.Combine(folder, Weights), network.state_dict());
        AtomicFile.Write(Path.Combine(folder, Config), stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(ConfigWriter.ToJson(options))));
    }

    public static ImageClassifier LoadClassifier(string folder, Device device)
    {
        if (!Directory.Exists(folder))
            throw new TweedieException($"{folder}: no such model folder; give the folder that holds {Config} and {Weights}.");
        var configPath = Path.Combine(folder, Config);
        var options = ConfigDocument.Load(configPath).Bind<ClassifierOptions>();
        if (options.ClassNames.Count < 2)
            throw new TweedieException($"{configPath}: classNames has {options.ClassNames.Count} entries; a classifier needs at least 2.");
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
}
