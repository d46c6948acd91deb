using Tweedie.Networks;
using Tweedie.Storage;

namespace Tweedie.Models;

/// <summary>The arguments of OpenAI's class <c>CLIP</c>, as JSON.</summary>
internal sealed record OpenAiClipConfig(
    int EmbedDim, int ImageResolution, int VisionLayers, int VisionWidth, int VisionPatchSize, int ContextLength, int VocabSize,
    int TransformerWidth, int TransformerHeads, int TransformerLayers)
{
    public static ClipModelOptions Read(string path)
    {
        const int visionHeadWidth = 64; // fixed in OpenAI's code
        var config = JsonFile.Read<OpenAiClipConfig>(path);
        return new ClipModelOptions
        {
            Network = new ClipOptions
            {
                EmbeddingWidth = config.EmbedDim,
                Image = new ClipImageOptions
                {
                    ImageSize = config.ImageResolution,
                    PatchSize = config.VisionPatchSize,
                    Width = config.VisionWidth,
                    Depth = config.VisionLayers,
                    Heads = config.VisionWidth / visionHeadWidth,
                },
                Text = new ClipTextOptions
                {
                    VocabularySize = config.VocabSize,
                    EndToken = config.VocabSize - 1, // the text is read at its highest id
                    Length = config.ContextLength,
                    Width = config.TransformerWidth,
                    Depth = config.TransformerLayers,
                    Heads = config.TransformerHeads,
                },
            },
        };
    }
}
