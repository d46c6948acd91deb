using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Onnx;
using Tweedie.Tests.Training;
using static TorchSharp.torch;

namespace Tweedie.Tests.Models;

/// <summary>Untrained classifiers of 16-pixel images, with weights large enough that images and draws differ.</summary>
internal static class TinyClassifier
{
    public static ClassifierOptions Options { get; } = new()
    {
        ClassNames = ["ant", "bee", "cat", "dog", "elk", "fox", "gnu"],
        Encoder = TinyRun.Encoder,
        Denoiser = TinyRun.Denoiser,
        Mean = [0.5, 0.5, 0.5],
        Std = [0.25, 0.25, 0.25],
    };

    public static ClassifierOptions Linear { get; } = Options with { Method = TokenMethod.Linear };

    public static ImageClassifier Create(ClassifierOptions? options = null)
    {
        var network = TokenNetwork.Create(options ?? Options, (options ?? Options).ClassNames.Count);
        TinyNetwork.Randomize(network);
        return new ImageClassifier(options ?? Options, network);
    }

    /// <summary>One on the features of a frozen encoder.</summary>
    /// <param name="frozen">The encoder, whose file exists.</param>
    public static ImageClassifier CreateFrozen(FrozenEncoderOptions frozen)
    {
        var extractor = new OnnxEncoder(frozen);
        var options = Options with
        {
            Encoder = new(),
            Frozen = frozen,
            Features = new() { Tokens = extractor.Tokens, Width = extractor.Width, Fingerprint = extractor.Fingerprint },
            Mean = [0, 0, 0],
            Std = [1, 1, 1],
        };
        var network = TokenNetwork.Create(options, options.ClassNames.Count);
        TinyNetwork.Randomize(network);
        return new ImageClassifier(options, network, extractor: extractor);
    }

    /// <summary>Normalised images, shape (count, 3, 16, 16).</summary>
    public static Tensor Images(int count)
    {
        using var generator = new Generator(5);
        return randn([count, 3, 16, 16], float32, generator: generator);
    }
}
