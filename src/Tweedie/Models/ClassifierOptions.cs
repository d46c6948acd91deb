namespace Tweedie.Models;

/// <summary>Everything that building a classifier's network and feeding it needs: the content of a model folder's <c>config.json</c>.</summary>
public sealed record ClassifierOptions : TokenModelOptions
{
    /// <summary>The classes' names, in label order; their number is K.</summary>
    public IReadOnlyList<string> ClassNames { get; init; } = [];

    /// <inheritdoc/>
    public override int Length => 1;

    /// <inheritdoc/>
    public override bool UsesAllTokens => false;

    /// <inheritdoc/>
    protected override IReadOnlyCollection<TokenMethod> Methods => [TokenMethod.Tdd, TokenMethod.Linear];
}
