using System.ComponentModel.DataAnnotations;

namespace Tweedie.Networks;

/// <summary>The size of a vision Transformer. The defaults are ViT-B/16.</summary>
public sealed record VisionTransformerOptions : ImageTransformerOptions
{
    /// <summary>Colour channels: 1 or 3.</summary>
    [Range(1, 3)]
    public int Channels { get; init; } = 3;

    /// <summary>Number of learnable class tokens.</summary>
    [Range(1, 64)]
    public int ClassTokens { get; init; } = 1;

    /// <summary>How tokens become the condition.</summary>
    public Pooling Pooling { get; init; } = Pooling.ClassToken;

    /// <summary>Stochastic depth at the last layer, rising linearly from 0 at the first.</summary>
    [Range(0.0, 0.9)]
    public double DropPath { get; init; }

    /// <summary>The feed-forward parts' non-linearity.</summary>
    public Activation Activation { get; init; } = Activation.Gelu;

    /// <summary>The ε of the norms.</summary>
    [Range(1e-13, 1e-2)]
    public double NormEpsilon { get; init; } = 1e-6;

    /// <summary>Number of condition tokens that the encoder gives.</summary>
    internal int ConditionTokens => Pooling == Pooling.ClassToken ? ClassTokens : 1;

    /// <inheritdoc/>
    public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Channels == 2)
            yield return new ValidationResult("must be 1 or 3", [nameof(Channels)]);
        foreach (var problem in base.Validate(validationContext))
            yield return problem;
    }
}
