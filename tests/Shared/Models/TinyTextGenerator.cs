using Tweedie.Models;
using Tweedie.Sampling;
using Tweedie.Tests.Training;
using Tweedie.Text;

namespace Tweedie.Tests.Models;

/// <summary>Untrained text generators, with weights large enough that draws differ.</summary>
internal static class TinyTextGenerator
{
    public static ITokenizer Tokenizer { get; } = WordTokenizer.Build(["a small dog runs on green grass.", "two big dogs sleep"]);

    public static TextGeneratorOptions Options { get; } = new() { Tokens = 6, Denoiser = TinyRun.Denoiser, Diffusion = new() { Known = new KnownTokensOptions() } };

    public static TextGenerator Create(TextGeneratorOptions? options = null)
    {
        var network = TokenNetwork.Create(options ?? Options, Tokenizer.VocabularySize);
        TinyNetwork.Randomize(network);
        return new TextGenerator(options ?? Options, network, Tokenizer);
    }
}
