using Tweedie.Configuration;
using Tweedie.Networks;

namespace Tweedie.Models;

/// <summary>Hugging Face's <c>CLIPConfig</c>. Files leave out values that are the default, which is OpenAI's ViT-B/32.</summary>
internal static class HuggingFaceClipConfig
{
    /// <summary>Published files have 2 here, which is no token's id; the text is then read at its highest id.</summary>
    private const int LegacyEndToken = 2;

    // The whole model has its own, which count.
    private static readonly HashSet<string> TowerKeys = ["eos_token_id", "model_type", "projection_dim"];

    /// <summary>Whether the file is such a config.</summary>
    public static bool IsIn(string path) => PublishedJson.Load(path) is var file && file.Has("text_config") && file.Has("vision_config");

    public static ClipModelOptions Read(string path)
    {
        var file = PublishedJson.Load(path);
        if (file.Text("model_type") is not (null or "clip"))
            throw file.Refused("model_type", "expected clip");
        // Older files repeat the sections under these names, and mean what stands there.
        var text = file.Section("text_config")!.With(file.Section("text_config_dict"));
        var image = file.Section("vision_config")!.With(file.Section("vision_config_dict"));
        var activation = PublishedActivation.Read(text, "hidden_act", Activation.QuickGelu);
        if (PublishedActivation.Read(image, "hidden_act", Activation.QuickGelu) != activation)
            throw image.Refused("hidden_act", "our CLIP has the same non-linearity in both towers");
        foreach (var tower in (PublishedJson[])[text, image])
            if (tower.Number("layer_norm_eps") is { } epsilon && epsilon != ClipNetwork.Epsilon)
                throw tower.Refused("layer_norm_eps", $"our CLIP has {ClipNetwork.Epsilon}");
        image.Require("num_channels", 3, "our CLIP has");
        var options = new ClipModelOptions
        {
            Network = new ClipOptions
            {
                EmbeddingWidth = file.Whole("projection_dim") ?? 512,
                Activation = activation,
                Image = ImageTower(image),
                Text = TextTower(text),
            },
        };
        text.Finish(HarmlessKeys.HuggingFace, HarmlessKeys.Training, TowerKeys);
        image.Finish(HarmlessKeys.HuggingFace, HarmlessKeys.Training, TowerKeys);
        file.Finish(HarmlessKeys.HuggingFace, HarmlessKeys.Training);
        return options;
    }

    private static ClipImageOptions ImageTower(PublishedJson image)
    {
        var width = Width(image, 768);
        return new ClipImageOptions
        {
            ImageSize = image.Whole("image_size") ?? 224,
            PatchSize = image.Whole("patch_size") ?? 32,
            Width = width,
            Depth = image.Whole("num_hidden_layers") ?? 12,
            Heads = image.Whole("num_attention_heads") ?? 12,
            MlpRatio = (double)(image.Whole("intermediate_size") ?? 3072) / width,
        };
    }

    private static ClipTextOptions TextTower(PublishedJson text)
    {
        var (width, vocabulary, end) = (Width(text, 512), text.Whole("vocab_size") ?? 49408, text.Whole("eos_token_id") ?? LegacyEndToken);
        return new ClipTextOptions
        {
            VocabularySize = vocabulary,
            EndToken = end == LegacyEndToken ? vocabulary - 1 : end,
            Length = text.Whole("max_position_embeddings") ?? 77,
            Width = width,
            Depth = text.Whole("num_hidden_layers") ?? 12,
            Heads = text.Whole("num_attention_heads") ?? 8,
            MlpRatio = (double)(text.Whole("intermediate_size") ?? 2048) / width,
        };
    }

    private static int Width(PublishedJson tower, int usual) => (tower.Whole("hidden_size") ?? usual) is > 0 and var width ? width
        : throw tower.Refused("hidden_size", "expected a positive number");
}
