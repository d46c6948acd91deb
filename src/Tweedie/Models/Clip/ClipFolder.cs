using Tweedie.Configuration;
using Tweedie.Formats;
using Tweedie.Images;
using Tweedie.Networks;
using Tweedie.Text;
using static TorchSharp.torch;

namespace Tweedie.Models;

/// <summary>A CLIP on disk, in our layout or a published one.</summary>
internal static class ClipFolder
{
    private const string Config = "config.json";
    private const string Weights = "model.safetensors";
    private const string OpenAiConfig = "openai_config.json";
    private const string OpenAiWeights = "weights_openai.safetensors";

    /// <summary>The layouts whose names are not ours.</summary>
    private static readonly WeightMap[] Published = [WeightMaps.HuggingFaceClip, WeightMaps.OpenAiClip];

    public static void Save(string folder, ClipModel model)
    {
        model.Tokenizer.Save(folder);
        ModelFolder.Save(folder, model.Options, model.Network);
    }

    /// <summary>Writes the folder without its weights.</summary>
    public static void SaveDescription(string folder, ClipModel model)
    {
        ModelFolder.SaveOptions(folder, model.Options);
        model.Tokenizer.Save(folder);
    }

    public static ClipModel Load(string folder, Device device)
    {
        var options = ReadOptions(folder);
        var tokenizer = Fault.Of(FaultKind.Model, () => Tokenizers.Load(ModelFolder.Find(folder)));
        var text = options.Network.Text;
        if (tokenizer.VocabularySize != text.VocabularySize || tokenizer.Special.End != text.EndToken)
            throw new TweedieException($"{folder}: the tokenizer has {tokenizer.VocabularySize} entries and ends texts with {tokenizer.Special.End}, "
                + $"the text tower has {text.VocabularySize} and {text.EndToken}; put the model's own tokenizer beside it.", FaultKind.Model);
        return new ClipModel(options, LoadNetwork(folder, options.Network), tokenizer, device)
        {
            Folder = folder,
            WeightsHash = SafeTensorsIndex.HashOf(WeightsPath(folder)),
        };
    }

    /// <summary>Whether a folder has a published layout.</summary>
    public static bool IsPublished(string folder) => Directory.Exists(folder)
        && (IsOpenAi(folder) || (Path.Combine(folder, Config) is var config && File.Exists(config) && Fault.Of(FaultKind.Model, () => HuggingFaceClipConfig.IsIn(config))));

    /// <summary>Reads the options of any layout.</summary>
    public static ClipModelOptions ReadOptions(string folder) => Fault.Of(FaultKind.Model, () => Read(folder));

    /// <summary>Builds the network and fills it from the folder's weights.</summary>
    public static ClipNetwork LoadNetwork(string folder, ClipOptions options)
    {
        var path = WeightsPath(folder);
        ModelSize.Check(path, ModelCost.Of(options).Sum(part => part.Parameters));
        var header = SafeTensorsHeader.Load(path);
        var network = new ClipNetwork(options);
        try
        {
            if (Published.FirstOrDefault(map => map.Recognises(header)) is { } map)
                SafeTensors.LoadInto(network, path, map);
            else
                SafeTensors.LoadInto(network, path);
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private static ClipModelOptions Read(string folder)
    {
        if (!Directory.Exists(folder))
            throw new TweedieException($"{folder}: no such folder; give a CLIP's folder, with {Config}, {Weights} and its tokenizer's files.", FaultKind.Model);
        var path = IsOpenAi(folder) ? Path.Combine(folder, OpenAiConfig) : ModelFolder.ConfigOf(folder);
        if (!IsOpenAi(folder) && !HuggingFaceClipConfig.IsIn(path))
            return ModelFolder.ReadOptions<ClipModelOptions>(folder, ModelFolder.Clip);
        var options = PublishedInput.Apply(folder, IsOpenAi(folder) ? OpenAiClipConfig.Read(path) : HuggingFaceClipConfig.Read(path), ImageProcessorConfig.Clip);
        OptionsValidator.Validate(options, path);
        return options;
    }

    private static string WeightsPath(string folder) => IsOpenAi(folder) ? SafeTensorsIndex.WeightsOf(folder, OpenAiWeights) : ModelFolder.WeightsOf(folder);

    private static bool IsOpenAi(string folder) =>
        !File.Exists(SafeTensorsIndex.WeightsOf(folder, Weights)) && File.Exists(SafeTensorsIndex.WeightsOf(folder, OpenAiWeights));
}
