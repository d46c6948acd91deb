using Tweedie.Platform;
using Tweedie.Text;
using static TorchSharp.torch;

namespace Tweedie.Models;

/// <summary>A captioner on disk: <see cref="ModelFolder"/>'s files and those of the tokenizer.</summary>
public static class CaptionerFolder
{
    /// <summary>Reads a captioner's config without its weights.</summary>
    /// <exception cref="TweedieException">The folder or its config is missing, or the config is not valid or not a captioner's.</exception>
    public static CaptionerOptions ReadOptions(string folder)
    {
        var options = ModelFolder.Bind<CaptionerOptions>(folder, ModelKind.Captioner);
        ModelFolder.CheckNormalization(folder, options.Encoder, options.Mean, options.Std);
        return options;
    }

    internal static ImageCaptioner Load(string folder, Device device, Precision precision)
    {
        var (options, tokenizer) = (ReadOptions(folder), Tokenizers.Load(folder));
        return ModelFolder.Load(folder, ModelCost.Of(options, tokenizer.VocabularySize),
            () => new CaptionerNetwork(options, tokenizer.VocabularySize),
            network => new ImageCaptioner(options, network.Use(precision), tokenizer, device));
    }

    internal static void Save(string folder, CaptionerOptions options, CaptionerNetwork network, ITokenizer tokenizer)
    {
        tokenizer.Save(folder);
        ModelFolder.Save(folder, options, network);
    }
}
