using TorchSharp.Modules;
using Tweedie.Networks;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Models;

/// <summary>
/// A conditioner with the head that predicts tokens from it: diffusion blocks or a linear layer. Keys: <c>encoder.*</c>, and <c>denoiser.*</c> or <c>head.*</c>.
/// </summary>
public sealed class TokenNetwork : nn.Module
{
    private readonly nn.Module encoder;
    private readonly Denoiser? denoiser;
    private readonly Linear? head;
    private readonly IConditioner _conditioner;

    /// <summary>Joins a conditioner and diffusion blocks; the network owns both.</summary>
    public TokenNetwork(IConditioner conditioner, Denoiser denoiser) : base(nameof(TokenNetwork))
    {
        ArgumentNullException.ThrowIfNull(conditioner);
        ArgumentNullException.ThrowIfNull(denoiser);
        (_conditioner, encoder, this.denoiser) = (conditioner, conditioner.Network, denoiser);
        RegisterComponents();
    }

    /// <summary>Joins a conditioner and a linear head on all its tokens; the network owns both.</summary>
    public TokenNetwork(IConditioner conditioner, Linear head) : base(nameof(TokenNetwork))
    {
        ArgumentNullException.ThrowIfNull(conditioner);
        ArgumentNullException.ThrowIfNull(head);
        (_conditioner, encoder, this.head) = (conditioner, conditioner.Network, head);
        RegisterComponents();
    }

    /// <summary>Creates the network of a model's options, with initial weights from torch's global generator.</summary>
    /// <param name="options">The sizes.</param>
    /// <param name="classes">K, the number of classes or vocabulary entries.</param>
    public static TokenNetwork Create(TokenModelOptions options, long classes)
    {
        IConditioner conditioner = options.Features is { } features ? new FeatureConditioner(features.Tokens, features.Width)
            : new VitConditioner(new VisionTransformer(options.Encoder), options.UsesAllTokens);
        if (options.Method == TokenMethod.Linear)
            return new(conditioner, Initialization.OutputLayer(conditioner.Tokens * conditioner.Width, classes));
        var denoiser = new Denoiser(
            options.Denoiser, classes, options.Length, conditioner.Width, options.Diffusion.MeasuresLoss, isCausal: options.Method == TokenMethod.Ar);
        if (options.Method != TokenMethod.Tdd || options.Diffusion.Input == InputKind.Estimate)
            denoiser.Embedding.InitializeWithoutNoise();
        return new(conditioner, denoiser);
    }

    /// <summary>The network that gives the condition.</summary>
    public nn.Module Encoder => encoder;

    /// <summary>The diffusion blocks.</summary>
    /// <exception cref="InvalidOperationException">The head is linear.</exception>
    public Denoiser Denoiser => denoiser ?? throw new InvalidOperationException("A linear classifier has no denoiser.");

    /// <summary>M, the number of condition tokens.</summary>
    public int ConditionTokens => _conditioner.Tokens;

    /// <summary>d, the width of a condition token.</summary>
    public int ConditionWidth => _conditioner.Width;

    /// <summary>Whether the condition comes from features of a frozen encoder, which is no part of the network.</summary>
    public bool TakesFeatures => encoder is FeatureConditioner;

    /// <summary>Whether the head is linear, so that there is nothing to sample.</summary>
    public bool IsLinear => head is not null;

    /// <summary>Inputs to condition tokens (B, M, d): normalised images (B, C, H, W), or features (B, M, d) of a frozen encoder.</summary>
    public Tensor Condition(Tensor input) => _conditioner.Condition(input);

    /// <summary>Logits (B, K) of the linear head on condition tokens (B, M, d).</summary>
    /// <exception cref="InvalidOperationException">The head is not linear.</exception>
    public Tensor LinearLogits(Tensor condition) =>
        (head ?? throw new InvalidOperationException("A diffusion model has no linear head.")).forward(condition.flatten(1));

    /// <summary>A vision Transformer as a conditioner.</summary>
    private sealed class VitConditioner(VisionTransformer encoder, bool allTokens) : IConditioner
    {
        public nn.Module Network => encoder;

        public int Width => encoder.Options.Width;

        public int Tokens => allTokens ? encoder.Options.ClassTokens + encoder.Options.Patches : encoder.Options.ConditionTokens;

        public Tensor Condition(Tensor input) => allTokens ? encoder.Tokens(input) : encoder.forward(input);
    }
}
