using Tweedie.Networks;
using Tweedie.Storage;

namespace Tweedie.Models;

/// <summary>Hugging Face's <c>CLIPConfig</c>. Files leave out values that are the default, which is OpenAI's ViT-B/32.</summary>
internal sealed record HuggingFaceClipConfig(
    HuggingFaceClipConfig.TextTower? TextConfig = null, HuggingFaceClipConfig.ImageTower? VisionConfig = null, int ProjectionDim = 512)
{
    /// <summary>Published files have 2 here, which is no token's id; the text is then read at its highest id.</summary>
    private const int LegacyEndToken = 2;

    internal sealed record TextTower(
        int VocabSize = 49408, int HiddenSize = 512, int IntermediateSize = 2048, int NumHiddenLayers = 12, int NumAttentionHeads = 8,
        int MaxPositionEmbeddings = 77, string HiddenAct = "quick_gelu", double LayerNormEps = 1e-5, int EosTokenId = LegacyEndToken);

    internal sealed record ImageTower(
        int HiddenSize = 768, int IntermediateSize = 3072, int NumHiddenLayers = 12, int NumAttentionHeads = 12, int NumChannels = 3,
        int ImageSize = 224, int PatchSize = 32, string HiddenAct = "quick_gelu", double LayerNormEps = 1e-5);

    /// <summary>Whether the file is such a config.</summary>
    public static bool IsIn(string path) => JsonFile.Read<HuggingFaceClipConfig>(path) is { TextConfig: not null, VisionConfig: not null };

    public static ClipModelOptions Read(string path)
    {
        var config = JsonFile.Read<HuggingFaceClipConfig>(path);
        var (text, image) = (config.TextConfig!, config.VisionConfig!);
        if (text.HiddenAct != image.HiddenAct || image.NumChannels != 3
            || text.LayerNormEps != ClipNetwork.Epsilon || image.LayerNormEps != ClipNetwork.Epsilon)
            throw new TweedieException($"{path}: hidden_act = {text.HiddenAct} and {image.HiddenAct}, layer_norm_eps = {text.LayerNormEps} and "
                + $"{image.LayerNormEps}, num_channels = {image.NumChannels}: this CLIP needs one hidden_act, {ClipNetwork.Epsilon} and 3.", FaultKind.Model);
        return WithPreprocessing(path, new ClipModelOptions
        {
            Network = new ClipOptions
            {
                EmbeddingWidth = config.ProjectionDim,
                Activation = text.HiddenAct switch
                {
                    "quick_gelu" => Activation.QuickGelu,
                    "gelu" => Activation.Gelu,
                    var other => throw new TweedieException($"{path}: hidden_act = {OneLine.Of(other)}: expected quick_gelu or gelu.", FaultKind.Model),
                },
                Image = new ClipImageOptions
                {
                    ImageSize = image.ImageSize,
                    PatchSize = image.PatchSize,
                    Width = image.HiddenSize,
                    Depth = image.NumHiddenLayers,
                    Heads = image.NumAttentionHeads,
                    MlpRatio = (double)image.IntermediateSize / image.HiddenSize,
                },
                Text = new ClipTextOptions
                {
                    VocabularySize = text.VocabSize,
                    EndToken = text.EosTokenId == LegacyEndToken ? text.VocabSize - 1 : text.EosTokenId,
                    Length = text.MaxPositionEmbeddings,
                    Width = text.HiddenSize,
                    Depth = text.NumHiddenLayers,
                    Heads = text.NumAttentionHeads,
                    MlpRatio = (double)text.IntermediateSize / text.HiddenSize,
                },
            },
        });
    }

    private static ClipModelOptions WithPreprocessing(string path, ClipModelOptions options)
    {
        var file = Path.Combine(Path.GetDirectoryName(path)!, HuggingFacePreprocessor.FileName);
        if (!File.Exists(file))
            return options;
        var preprocessor = JsonFile.Read<HuggingFacePreprocessor>(file);
        return options with { Mean = preprocessor.ImageMean ?? options.Mean, Std = preprocessor.ImageStd ?? options.Std };
    }
}
