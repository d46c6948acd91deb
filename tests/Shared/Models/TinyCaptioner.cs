using Tweedie.Models;
using Tweedie.Tests.Training;
using Tweedie.Text;

namespace Tweedie.Tests.Models;

/// <summary>Untrained captioners of 16-pixel images, with weights large enough that images and draws differ.</summary>
internal static class TinyCaptioner
{
    public static CaptionerOptions Options { get; } = new()
    {
        Tokens = 6,
        Encoder = TinyRun.Encoder,
        Denoiser = TinyRun.Denoiser,
        Mean = [0.5, 0.5, 0.5],
        Std = [0.25, 0.25, 0.25],
    };

    public static ITokenizer Tokenizer { get; } = WordTokenizer.Build(["a small dog runs on green grass.", "two big dogs sleep"]);

    public static ImageCaptioner Create(CaptionerOptions? options = null)
    {
        var network = TokenNetwork.Create(options ?? Options, Tokenizer.VocabularySize);
        TinyNetwork.Randomize(network);
        return new ImageCaptioner(options ?? Options, network, Tokenizer);
    }
}
