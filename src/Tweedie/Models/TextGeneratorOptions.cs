using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Tweedie.Models;

/// <summary>Everything that building a text generator's network needs, except its tokenizer: the content of a model folder's <c>config.json</c>.</summary>
public sealed record TextGeneratorOptions : GeneratorOptions
{
    /// <summary>The kind of model that the folder holds.</summary>
    [JsonPropertyOrder(-2), AllowedValues(ModelFolder.TextGenerator)]
    public string Kind { get; init; } = ModelFolder.TextGenerator;

    /// <summary>N, the tokens that are denoised at a time, and the furthest that a token sees.</summary>
    [Range(2, 8192)]
    public int Tokens { get; init; } = 128;

    /// <inheritdoc/>
    public override int Length => Tokens;
}
