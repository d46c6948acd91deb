using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Tweedie.Models;

/// <summary>Everything that building an annotator's network and feeding it needs, except its columns: the content of a model folder's <c>config.json</c>.</summary>
public sealed record AnnotatorOptions : TokenModelOptions
{
    /// <summary>The kind of model that the folder holds.</summary>
    [JsonPropertyOrder(-2), AllowedValues(ModelFolder.Annotator)]
    public string Kind { get; init; } = ModelFolder.Annotator;

    /// <summary>N, the attributes of an image; training takes it from the data.</summary>
    [Range(1, 1024)]
    public int Tokens { get; init; } = 1;

    /// <summary>What the attributes attend to besides themselves.</summary>
    public CaptionCondition Condition { get; init; }

    /// <inheritdoc/>
    public override int Length => Tokens;

    /// <inheritdoc/>
    public override bool UsesAllTokens => Condition == CaptionCondition.AllTokens;

    /// <inheritdoc/>
    protected override IReadOnlyCollection<TokenMethod> Methods => [TokenMethod.Tdd, TokenMethod.Mdd, TokenMethod.Ar];
}
