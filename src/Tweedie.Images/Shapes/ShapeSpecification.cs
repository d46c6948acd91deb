namespace Tweedie.Images;

/// <summary>The settings after <c>shapes:</c>, as <c>count=2000,size=32,seed=7</c>.</summary>
/// <param name="Count">Number of training images.</param>
/// <param name="Test">Number of test images; that of training images where only <c>count</c> is given.</param>
/// <param name="Validation">Number of validation images; as for test images.</param>
/// <param name="Size">Height and width in pixels.</param>
/// <param name="Seed">The seed of the images.</param>
internal sealed record ShapeSpecification(int Count, int Test, int Validation, int Size, long Seed)
{
    /// <exception cref="TweedieException">A setting is unknown, given twice or out of range.</exception>
    public static ShapeSpecification Parse(string settings)
    {
        var values = new GeneratedSettings("shapes", settings, ("count", 2000), ("test", 500), ("val", 500), ("size", 32), ("seed", 0));
        return new ShapeSpecification(
            values.Count(DataSplit.Train), values.Count(DataSplit.Test), values.Count(DataSplit.Validation),
            values.Within("size", ShapeSource.MinimumSize, ShapeSource.MaximumSize), values.Any("seed"));
    }

    /// <summary>The images of a split; those of each split come from a stream of their own.</summary>
    public ShapeSource Open(DataSplit split) =>
        new(split switch { DataSplit.Train => Count, DataSplit.Test => Test, _ => Validation }, Size, GeneratedSettings.SeedOf(Seed, split));
}
