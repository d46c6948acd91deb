using System.ComponentModel.DataAnnotations;

namespace Tweedie.Models;

/// <summary>Everything that building a classifier's network and feeding it needs: the content of a model folder's <c>config.json</c>.</summary>
public sealed record ClassifierOptions : TokenModelOptions
{
    /// <summary>The classes' names, in label order; their number is K.</summary>
    public IReadOnlyList<string> ClassNames { get; init; } = [];

    /// <summary>
    /// What the training data call the classes, in label order, where that is not <see cref="ClassNames"/>: folders may have numbers or codes for names.
    /// Data that the model is evaluated on are matched by these names first.
    /// </summary>
    public IReadOnlyList<string>? DataClasses { get; init; }

    /// <summary>Width of the hidden layer of an MLP; not used by other methods.</summary>
    [Range(1, 1 << 16)]
    public int HiddenWidth { get; init; } = 512;

    /// <inheritdoc/>
    public override int Length => 1;

    /// <inheritdoc/>
    public override bool UsesAllTokens => false;

    /// <inheritdoc/>
    protected override IReadOnlyCollection<TokenMethod> Methods => [TokenMethod.Tdd, TokenMethod.Linear, TokenMethod.Mlp];

    internal override string? Unusable()
    {
        if (ClassNames.Count < 2)
            return $"classNames has {ClassNames.Count} entries; a classifier needs at least 2.";
        if (DataClasses is { } classes && classes.Count != ClassNames.Count)
            return $"dataClasses has {classes.Count} entries and classNames {ClassNames.Count}; give one for each class.";
        return base.Unusable();
    }
}
