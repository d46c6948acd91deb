using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Tweedie.Models;

/// <summary>
/// Everything that building a captioner's network and feeding it needs, except its tokenizer: the content of a model folder's <c>config.json</c>.
/// </summary>
public sealed record CaptionerOptions : TokenModelOptions
{
    /// <summary>The kind of model that the folder holds.</summary>
    [JsonPropertyOrder(-2), AllowedValues(ModelFolder.Captioner)]
    public string Kind { get; init; } = ModelFolder.Captioner;

    /// <summary>N, the tokens of a caption, its end token included.</summary>
    [Range(2, 1024)]
    public int Tokens { get; init; } = 24;

    /// <summary>What the caption's tokens attend to besides themselves.</summary>
    public CaptionCondition Condition { get; init; }

    /// <inheritdoc/>
    public override int Length => Tokens;

    /// <inheritdoc/>
    public override bool UsesAllTokens => Condition == CaptionCondition.AllTokens;

    /// <inheritdoc/>
    protected override IReadOnlyCollection<TokenMethod> Methods => [TokenMethod.Tdd, TokenMethod.Mdd, TokenMethod.Ar];
}
