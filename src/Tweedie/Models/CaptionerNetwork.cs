using Tweedie.Networks;
using static TorchSharp.torch;

namespace Tweedie.Models;

/// <summary>An encoder with the blocks that denoise a caption. Keys: <c>encoder.*</c> and <c>denoiser.*</c>.</summary>
public sealed class CaptionerNetwork : nn.Module
{
    private readonly VisionTransformer encoder;
    private readonly Denoiser denoiser;
    private readonly CaptionCondition _condition;

    /// <summary>Creates a network with initial weights from torch's global generator.</summary>
    /// <param name="options">The sizes.</param>
    /// <param name="vocabularySize">K.</param>
    public CaptionerNetwork(CaptionerOptions options, int vocabularySize) : base(nameof(CaptionerNetwork))
    {
        _condition = options.Condition;
        encoder = new VisionTransformer(options.Encoder);
        denoiser = new Denoiser(options.Denoiser, vocabularySize, options.Tokens, options.Encoder.Width);
        if (options.Method == CaptionMethod.Mdd)
            denoiser.Embedding.InitializeWithoutNoise();
        RegisterComponents();
    }

    /// <summary>The image encoder.</summary>
    public VisionTransformer Encoder => encoder;

    /// <summary>The diffusion blocks.</summary>
    public Denoiser Denoiser => denoiser;

    /// <summary>Images (B, C, H, W), normalised, to condition tokens (B, M, d).</summary>
    public Tensor Condition(Tensor images) =>
        _condition == CaptionCondition.AllTokens ? encoder.Tokens(images) : encoder.forward(images);
}
