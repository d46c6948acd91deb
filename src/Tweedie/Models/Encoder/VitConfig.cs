using Tweedie.Storage;

namespace Tweedie.Models;

/// <summary>The content of the <c>config.json</c> beside a published ViT's weights, under Hugging Face's or timm's names.</summary>
internal sealed record VitConfig(int? NumAttentionHeads = null, string? HiddenAct = null, VitConfig.Pretrained? PretrainedCfg = null)
{
    internal sealed record Pretrained(IReadOnlyList<double>? Mean = null, IReadOnlyList<double>? Std = null);

    /// <summary>Reads the files beside the weights; the values are empty where there are none.</summary>
    public static VitConfig ReadBeside(string weights)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(weights))!;
        var (configPath, preprocessorPath) = (Path.Combine(folder, "config.json"), Path.Combine(folder, HuggingFacePreprocessor.FileName));
        var config = File.Exists(configPath) ? JsonFile.Read<VitConfig>(configPath) : new VitConfig();
        if (config.HiddenAct is not (null or "gelu"))
            throw new TweedieException($"{configPath}: hidden_act = {OneLine.Of(config.HiddenAct)}: our ViT has gelu.", FaultKind.Model);
        return File.Exists(preprocessorPath) && JsonFile.Read<HuggingFacePreprocessor>(preprocessorPath) is { ImageMean: { } mean, ImageStd: { } std }
            ? config with { PretrainedCfg = new Pretrained(mean, std) } : config;
    }
}
