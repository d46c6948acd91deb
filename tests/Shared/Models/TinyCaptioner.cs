using Tweedie.Models;
using Tweedie.Tests.Training;
using Tweedie.Text;
using static TorchSharp.torch;

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
        Randomize(network);
        return new ImageCaptioner(options ?? Options, network, Tokenizer);
    }

    /// <summary>Gives a network weights so large that conditions and draws differ, from a generator of its own.</summary>
    public static void Randomize(nn.Module network)
    {
        using var generator = new Generator(4);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var parameter in network.parameters())
        {
            if (parameter.dim() > 1)
                parameter.zero_(); // its initial values come from the global generator, which other tests draw from
            parameter.Increase(randn(parameter.shape, float32, generator: generator).Times(0.3));
        }
    }
}
