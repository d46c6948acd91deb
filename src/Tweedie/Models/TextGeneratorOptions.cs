using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Tweedie.Networks;
using Tweedie.Sampling;

namespace Tweedie.Models;

/// <summary>Everything that building a text generator's network needs, except its tokenizer: the content of a model folder's <c>config.json</c>.</summary>
public sealed record TextGeneratorOptions : ITokenModelOptions, IValidatableObject
{
    /// <summary>The kind of model that the folder holds.</summary>
    [JsonPropertyOrder(-2), AllowedValues(ModelFolder.TextGenerator)]
    public string Kind { get; init; } = ModelFolder.TextGenerator;

    /// <inheritdoc/>
    [JsonPropertyOrder(-1)]
    public TokenMethod Method { get; init; } = TokenMethod.Tdd;

    /// <summary>N, the tokens that are denoised at a time, and the furthest that a token sees.</summary>
    [Range(2, 8192)]
    public int Tokens { get; init; } = 128;

    /// <inheritdoc/>
    public DenoiserOptions Denoiser { get; init; } = new();

    /// <inheritdoc/>
    public DiffusionOptions Diffusion { get; init; } = new();

    /// <inheritdoc/>
    public SamplingOptions? Sampling { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public int Length => Tokens;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Method is not (TokenMethod.Tdd or TokenMethod.Mdd or TokenMethod.Ar))
            yield return new ValidationResult("must be one of tdd, mdd, ar", [nameof(Method)]);
        foreach (var problem in TokenMethods.CheckSampling(Sampling))
            yield return problem;
    }
}
