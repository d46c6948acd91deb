using Tweedie.Models;
using Tweedie.Networks;
using Tweedie.Text;

namespace Tweedie.Tests.Models.Clip;

/// <summary>An untrained CLIP of 16-pixel images and a few words.</summary>
internal static class TinyClip
{
    public static ClipOptions Network { get; } = new()
    {
        EmbeddingWidth = 8,
        Image = new ClipImageOptions { ImageSize = 16, PatchSize = 8, Width = 16, Depth = 1, Heads = 2, MlpRatio = 2 },
        Text = new ClipTextOptions { VocabularySize = 9, EndToken = 2, Length = 6, Width = 12, Depth = 2, Heads = 3, MlpRatio = 1 },
    };

    public static ITokenizer Tokenizer { get; } = WordTokenizer.Build(["a red dog", "the blue cat"]);

    public static ClipModel Create() => new(new ClipModelOptions { Network = Network }, new ClipNetwork(Network), Tokenizer);
}
