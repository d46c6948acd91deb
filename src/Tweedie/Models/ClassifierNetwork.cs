using TorchSharp.Modules;
using Tweedie.Networks;
using static TorchSharp.torch;

namespace Tweedie.Models;

/// <summary>An encoder with one of the two heads. Keys: <c>encoder.*</c> and <c>denoiser.*</c> or <c>head.*</c>.</summary>
public sealed class ClassifierNetwork : nn.Module
{
    private readonly VisionTransformer encoder;
    private readonly Denoiser? denoiser;
    private readonly Linear? head;

    /// <summary>Creates a network with initial weights from torch's global generator.</summary>
    public ClassifierNetwork(ClassifierOptions options) : base(nameof(ClassifierNetwork))
    {
        var classes = options.ClassNames.Count;
        encoder = new VisionTransformer(options.Encoder);
        if (options.Method == ClassifierMethod.Tdd)
            denoiser = new Denoiser(options.Denoiser, classes, tokens: 1, options.Encoder.Width);
        else
            head = Initialization.OutputLayer(options.Encoder.ConditionTokens * options.Encoder.Width, classes);
        RegisterComponents();
    }

    /// <summary>The image encoder.</summary>
    public VisionTransformer Encoder => encoder;

    /// <summary>The diffusion head.</summary>
    /// <exception cref="InvalidOperationException">The method is linear.</exception>
    public Denoiser Denoiser => denoiser ?? throw new InvalidOperationException("A linear classifier has no denoiser.");

    /// <summary>Logits (B, K) of the linear head on condition tokens (B, M, d).</summary>
    /// <exception cref="InvalidOperationException">The method is not linear.</exception>
    public Tensor LinearLogits(Tensor condition) =>
        (head ?? throw new InvalidOperationException("A diffusion classifier has no linear head.")).forward(condition.flatten(1));
}
