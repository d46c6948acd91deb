using Tweedie.Configuration;
using Tweedie.Networks;

namespace Tweedie.Models;

/// <summary>The arguments of OpenAI's class <c>CLIP</c>, as JSON.</summary>
internal static class OpenAiClipConfig
{
    private static readonly HashSet<string> Harmless = ["sot_id"]; // the tokenizer has it

    public static ClipModelOptions Read(string path)
    {
        const int visionHeadWidth = 64; // fixed in OpenAI's code
        var file = PublishedJson.Load(path);
        var (width, vocabulary) = (Needed("vision_width"), Needed("vocab_size"));
        var options = new ClipModelOptions
        {
            Network = new ClipOptions
            {
                EmbeddingWidth = Needed("embed_dim"),
                Image = new ClipImageOptions
                {
                    ImageSize = Needed("image_resolution"),
                    PatchSize = Needed("vision_patch_size"),
                    Width = width,
                    Depth = Needed("vision_layers"),
                    Heads = file.Whole("vision_heads") ?? width / visionHeadWidth,
                },
                Text = new ClipTextOptions
                {
                    VocabularySize = vocabulary,
                    EndToken = file.Whole("eot_id") ?? vocabulary - 1, // the text is read at its highest id
                    Length = Needed("context_length"),
                    Width = Needed("transformer_width"),
                    Depth = Needed("transformer_layers"),
                    Heads = Needed("transformer_heads"),
                },
            },
        };
        file.Finish(HarmlessKeys.Training, Harmless);
        return options;

        int Needed(string key) => file.Whole(key) ?? throw new TweedieException($"{path}: lacks '{key}'.", FaultKind.Model);
    }
}
