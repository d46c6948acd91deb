using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Tweedie.Models;

/// <summary>Everything that building a row generator's network needs, except its columns: the content of a model folder's <c>config.json</c>.</summary>
public sealed record RowGeneratorOptions : GeneratorOptions
{
    /// <summary>The kind of model that the folder holds.</summary>
    [JsonPropertyOrder(-2), AllowedValues(ModelFolder.RowGenerator)]
    public string Kind { get; init; } = ModelFolder.RowGenerator;

    /// <summary>N, the tokens of a row; training takes it from the data.</summary>
    [Range(1, 8192)]
    public int Tokens { get; init; } = 1;

    /// <inheritdoc/>
    public override int Length => Tokens;
}
