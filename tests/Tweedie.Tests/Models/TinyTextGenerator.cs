using Tweedie.Models;
using Tweedie.Sampling;
using Tweedie.Tests.Training;
using Tweedie.Text;
using static TorchSharp.torch;

namespace Tweedie.Tests.Models;

/// <summary>Untrained text generators, with weights large enough that draws differ.</summary>
internal static class TinyTextGenerator
{
    public static ITokenizer Tokenizer { get; } = WordTokenizer.Build(["a small dog runs on green grass.", "two big dogs sleep"]);

    public static TextGeneratorOptions Options { get; } = new() { Tokens = 6, Denoiser = TinyRun.Denoiser, Diffusion = new() { Known = new KnownTokensOptions() } };

    public static TextGenerator Create(TextGeneratorOptions? options = null)
    {
        var network = TokenNetwork.Create(options ?? Options, Tokenizer.VocabularySize);
        using var generator = new Generator(4);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var parameter in network.parameters())
        {
            if (parameter.dim() > 1)
                parameter.zero_(); // its initial values come from the global generator, which other tests draw from
            parameter.Increase(randn(parameter.shape, float32, generator: generator).Times(0.3));
        }
        return new TextGenerator(options ?? Options, network, Tokenizer);
    }
}
