using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Tweedie.Images;
using Tweedie.Networks;
using Tweedie.Sampling;

namespace Tweedie.Models;

/// <summary>What models that predict tokens from an image have in common.</summary>
public abstract record TokenModelOptions : ImageInputOptions, ITokenModelOptions, IValidatableObject
{
    /// <summary>How the tokens are predicted.</summary>
    [JsonPropertyOrder(-1)]
    public TokenMethod Method { get; init; } = TokenMethod.Tdd;

    /// <summary>The image encoder.</summary>
    public VisionTransformerOptions Encoder { get; init; } = new();

    /// <summary>A frozen encoder from a file in place of <see cref="Encoder"/>; null where that is the encoder.</summary>
    public FrozenEncoderOptions? Frozen { get; init; }

    /// <summary>The features of the frozen encoder; training fills them in.</summary>
    public FrozenFeatures? Features { get; init; }

    /// <summary>The diffusion blocks; not used by a linear head or an MLP.</summary>
    public DenoiserOptions Denoiser { get; init; } = new();

    /// <summary>The diffusion process; used by one-hot diffusion alone.</summary>
    public DiffusionOptions Diffusion { get; init; } = new();

    /// <summary>How the model is sampled where nothing else is said; null takes the method's defaults.</summary>
    public SamplingOptions? Sampling { get; init; }

    /// <summary>Whether a head, linear or an MLP, reads the answer off the condition, so that there is nothing to sample.</summary>
    public bool HasHead => Method is TokenMethod.Linear or TokenMethod.Mlp;

    /// <summary>N, the tokens of an item.</summary>
    public abstract int Length { get; }

    /// <summary>Whether the condition is all tokens of the encoder, or its condition for labels: the class tokens, or the mean of the patches.</summary>
    public abstract bool UsesAllTokens { get; }

    /// <summary>M, the number of condition tokens.</summary>
    public int ConditionTokens => Features?.Tokens ?? (UsesAllTokens ? Encoder.ClassTokens + Encoder.Patches : Encoder.ConditionTokens);

    /// <summary>The width of a condition token.</summary>
    public int ConditionWidth => Features?.Width ?? Encoder.Width;

    /// <inheritdoc/>
    public override ImageShape Input =>
        Frozen?.Preprocess is { } preprocess ? new(3, preprocess.Size, preprocess.Size) : new(Encoder.Channels, Encoder.ImageSize, Encoder.ImageSize);

    /// <summary>The methods that the model has.</summary>
    protected abstract IReadOnlyCollection<TokenMethod> Methods { get; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Methods.Contains(Method))
            yield return new ValidationResult($"must be one of {string.Join(", ", Methods).ToLowerInvariant()}", [nameof(Method)]);
        foreach (var problem in TokenMethods.CheckSampling(Sampling))
            yield return problem;
        if (Frozen is not null && Encoder != new VisionTransformerOptions())
            yield return new ValidationResult("has no use for the sizes of a vision Transformer where model.frozen is the encoder: leave them out", [nameof(Encoder)]);
    }
}
