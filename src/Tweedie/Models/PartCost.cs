namespace Tweedie.Models;

/// <summary>Parameters and multiply-adds of one part of a model.</summary>
/// <param name="Name">The part.</param>
/// <param name="Parameters">Number of parameters.</param>
/// <param name="PerImage">Multiply-adds of matrix products and attention that an image costs once.</param>
/// <param name="PerStep">Multiply-adds that each sampling step costs per image.</param>
public sealed record PartCost(string Name, long Parameters, long PerImage, long PerStep)
{
    /// <summary>Multiply-adds that each row of tokens costs in training, and each copy of it.</summary>
    public long PerRow { get; init; } = PerStep;
}
