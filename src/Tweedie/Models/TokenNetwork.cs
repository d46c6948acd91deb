using Tweedie.Networks;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Models;

/// <summary>
/// A conditioner with the head that predicts tokens from it: diffusion blocks, a linear layer or an MLP. Keys: <c>encoder.*</c>, and <c>denoiser.*</c> or <c>head.*</c>.
/// </summary>
public sealed class TokenNetwork : nn.Module
{
    private readonly nn.Module encoder;
    private readonly Denoiser? denoiser;
    private readonly nn.Module<Tensor, Tensor>? head;
    private readonly IConditioner _conditioner;

    /// <summary>Joins a conditioner and diffusion blocks; the network owns both.</summary>
    public TokenNetwork(IConditioner conditioner, Denoiser denoiser) : base(nameof(TokenNetwork))
    {
        ArgumentNullException.ThrowIfNull(conditioner);
        ArgumentNullException.ThrowIfNull(denoiser);
        (_conditioner, encoder, this.denoiser) = (conditioner, conditioner.Network, denoiser);
        RegisterComponents();
    }

    /// <summary>Joins a conditioner and a head on all its tokens, side by side, (B, M·d) to logits (B, K); the network owns both.</summary>
    public TokenNetwork(IConditioner conditioner, nn.Module<Tensor, Tensor> head) : base(nameof(TokenNetwork))
    {
        ArgumentNullException.ThrowIfNull(conditioner);
        ArgumentNullException.ThrowIfNull(head);
        (_conditioner, encoder, this.head) = (conditioner, conditioner.Network, head);
        RegisterComponents();
    }

    /// <summary>Creates the network of a model's options, with initial weights from torch's global generator.</summary>
    /// <param name="options">The sizes.</param>
    /// <param name="classes">K, the number of classes or vocabulary entries.</param>
    public static TokenNetwork Create(ITokenModelOptions options, long classes)
    {
        ArgumentNullException.ThrowIfNull(options);
        IConditioner conditioner = options switch
        {
            TokenModelOptions { Features: { } features } => new FeatureConditioner(features.Tokens, features.Width),
            TokenModelOptions image => new VitConditioner(new VisionTransformer(image.Encoder), image.UsesAllTokens),
            _ => new NoCondition(),
        };
        var inputs = conditioner.Tokens * conditioner.Width;
        if (options is ClassifierOptions { Method: TokenMethod.Mlp, HiddenWidth: var hidden })
            return new(conditioner, new Mlp(inputs, hidden, outputs: classes));
        if (options.Method == TokenMethod.Linear)
            return new(conditioner, Initialization.OutputLayer(inputs, classes));
        var denoiser = new Denoiser(
            options.Denoiser, classes, options.Length, conditioner.Width, options.Diffusion.MeasuresLoss,
            isCausal: options.Method == TokenMethod.Ar, countsTokens: options is { Method: TokenMethod.Tdd, Diffusion.Input: InputKind.Posterior });
        if (options.Method != TokenMethod.Tdd || options.Diffusion.Input == InputKind.Posterior)
            denoiser.Embedding.InitializeWithoutNoise();
        return new(conditioner, denoiser);
    }

    /// <summary>The network that gives the condition.</summary>
    public nn.Module Encoder => encoder;

    /// <summary>The diffusion blocks.</summary>
    /// <exception cref="InvalidOperationException">The head is linear or an MLP.</exception>
    public Denoiser Denoiser => denoiser ?? throw new InvalidOperationException($"A classifier with a head has no denoiser: this one is {HeadName}.");

    /// <summary>M, the number of condition tokens.</summary>
    public int ConditionTokens => _conditioner.Tokens;

    /// <summary>d, the width of a condition token.</summary>
    public int ConditionWidth => _conditioner.Width;

    /// <summary>Whether the condition comes from features of a frozen encoder, which is no part of the network.</summary>
    public bool TakesFeatures => encoder is FeatureConditioner;

    /// <summary>Whether the head is a linear layer or an MLP, so that there is nothing to sample.</summary>
    public bool IsLinear => head is not null;

    /// <summary>The name of a head in tables and logs.</summary>
    internal string HeadName => (head is Mlp ? TokenMethod.Mlp : TokenMethod.Linear).ToString().ToLowerInvariant();

    /// <summary>
    /// Inputs to condition tokens (B, M, d): normalised images (B, C, H, W), features (B, M, d) of a frozen encoder, or, where tokens are predicted from nothing,
    /// anything whose first dimension is B.
    /// </summary>
    public Tensor Condition(Tensor input) => _conditioner.Condition(input);

    /// <summary>Logits (B, K) of the linear head or the MLP on condition tokens (B, M, d).</summary>
    /// <exception cref="InvalidOperationException">There are diffusion blocks in place of a head.</exception>
    public Tensor LinearLogits(Tensor condition) =>
        (head ?? throw new InvalidOperationException("A diffusion model has no linear head.")).forward(condition.flatten(1));

    /// <summary>Whether the tokens are predicted from nothing.</summary>
    public bool IsUnconditional => encoder is NoCondition;

    /// <summary>Takes over what the training of another network measured and counted, so that a model of averaged weights is sampled by it.</summary>
    internal void TakeBuffersOf(TokenNetwork trained)
    {
        using var noGrad = no_grad();
        foreach (var ((_, measured), (_, own)) in trained.named_buffers().Zip(named_buffers()))
            own.copy_(measured);
    }

    /// <summary>A vision Transformer as a conditioner.</summary>
    private sealed class VitConditioner(VisionTransformer encoder, bool allTokens) : IConditioner
    {
        public nn.Module Network => encoder;

        public int Width => encoder.Options.Width;

        public int Tokens => allTokens ? encoder.Options.ClassTokens + encoder.Options.Patches : encoder.Options.ConditionTokens;

        public Tensor Condition(Tensor input) => allTokens ? encoder.Tokens(input) : encoder.forward(input);
    }

    /// <summary>The condition of models that have none: a single token that says nothing.</summary>
    private sealed class NoCondition() : nn.Module(nameof(NoCondition)), IConditioner
    {
        public nn.Module Network => this;

        public int Width => 1;

        public int Tokens => 1;

        public Tensor Condition(Tensor input) => zeros([input.shape[0], Tokens, Width], float32, input.device);
    }
}
