using System.ComponentModel.DataAnnotations;

namespace Tweedie.Networks;

/// <summary>The size of the diffusion head: of its diffusion blocks. The defaults are the paper's 24 M head for ViT-B.</summary>
public sealed record DenoiserOptions : TransformerOptions
{
    /// <summary>Three blocks of width 768.</summary>
    public DenoiserOptions() => Depth = 3;

    /// <summary>
    /// Whether the condition tokens are only projected: every block then sees them as they are. By default they pass through the blocks as the tokens do,
    /// which costs more and suits an encoder that is trained along.
    /// </summary>
    public bool ProjectsCondition { get; init; }

    /// <summary>
    /// Whether the tokens to the left and to the right also enter at a token's own place, through a linear layer that starts at zero. Blocks have to learn from
    /// positions which tokens stand side by side, which takes short trainings long; an autoregressive model has the token before at hand.
    /// </summary>
    public bool Neighbors { get; init; }

    /// <summary>
    /// How the network knows where tokens stand: learned positions that begin as small random numbers, or as sinusoids as large as the numbers of a token, by which
    /// attention finds neighbours from the first step on; or small ones beside rotary attention, which sees how far apart two tokens stand.
    /// </summary>
    public PositionKind Positions { get; init; }

    /// <summary>
    /// Dropout in training: the probability that a number of the embedded tokens, or of what a block adds to them, is zero. Many passes over few captions
    /// overfit without it, an autoregressive model most of all.
    /// </summary>
    [Range(0.0, 0.9)]
    public double Dropout { get; init; }

    /// <summary>
    /// Self-conditioning (Chen et al. 2023): the network takes in its own prediction of the step before, as the mean embedding of the predicted tokens, through a
    /// linear layer that starts at zero. A training step costs up to twice as much.
    /// </summary>
    public bool SelfConditioning { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var result in base.Validate(validationContext))
            yield return result;
        if (Positions == PositionKind.Rotary && Width % (2 * Heads) != 0)
            yield return new ValidationResult($"needs heads of an even width, and width {Width} over heads {Heads} is not an even number", [nameof(Positions)]);
    }
}

/// <summary>How a network knows where tokens stand.</summary>
public enum PositionKind
{
    /// <summary>By learned positions that begin as small random numbers.</summary>
    Random,
    /// <summary>By learned positions that begin as sinusoids of many wavelengths (Vaswani et al. 2017).</summary>
    Sinusoids,
    /// <summary>
    /// By learned positions that begin as small random numbers, and by queries and keys that are rotated by their tokens' places (Su et al. 2021), so that
    /// attention between tokens depends on their distance. A head must have an even width.
    /// </summary>
    Rotary,
}
