using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Tweedie.Networks;
using Tweedie.Sampling;

namespace Tweedie.Models;

/// <summary>What models that generate rows of tokens from nothing have in common.</summary>
public abstract record GeneratorOptions : ITokenModelOptions, IValidatableObject
{
    /// <summary>How the tokens are predicted.</summary>
    [JsonPropertyOrder(-1)]
    public TokenMethod Method { get; init; } = TokenMethod.Tdd;

    /// <summary>The diffusion blocks.</summary>
    public DenoiserOptions Denoiser { get; init; } = new();

    /// <summary>The diffusion process; used by one-hot diffusion alone.</summary>
    public DiffusionOptions Diffusion { get; init; } = new();

    /// <summary>How the model is sampled where nothing else is said; null takes the method's defaults.</summary>
    public SamplingOptions? Sampling { get; init; }

    /// <inheritdoc/>
    public abstract int Length { get; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Method is not (TokenMethod.Tdd or TokenMethod.Mdd or TokenMethod.Ar))
            yield return new ValidationResult("must be one of tdd, mdd, ar", [nameof(Method)]);
        foreach (var problem in TokenMethods.CheckSampling(Sampling))
            yield return problem;
    }
}
