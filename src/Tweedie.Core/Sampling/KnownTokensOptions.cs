using System.ComponentModel.DataAnnotations;

namespace Tweedie.Sampling;

/// <summary>
/// The shares of training rows in which some tokens are known from the start: clean, and without a loss. In the rest of the rows none is known. Rows whose data
/// say which tokens are known, such as puzzles, take these shares beside that.
/// </summary>
public sealed record KnownTokensOptions : IValidatableObject
{
    /// <summary>Rows that begin with known tokens, of a number drawn from 1 to N−1: a prompt.</summary>
    [Range(0.0, 1.0)]
    public double Prefix { get; init; } = 0.25;

    /// <summary>Rows that are known but for one gap of 1 to N−1 tokens.</summary>
    [Range(0.0, 1.0)]
    public double Gap { get; init; } = 0.25;

    /// <summary>Rows in which each token is known with a probability drawn from 0 to 1.</summary>
    [Range(0.0, 1.0)]
    public double Scattered { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Prefix + Gap + Scattered > 1)
            yield return new ValidationResult($"prefix + gap + scattered is {Prefix + Gap + Scattered}, more than all rows", [nameof(Prefix)]);
    }
}
