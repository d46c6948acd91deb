namespace Tweedie.Images;

/// <summary>The settings after <c>scenes:</c>, as <c>count=5000,size=32,seed=1</c>.</summary>
/// <param name="Count">Number of training images.</param>
/// <param name="Test">Number of test images; that of training images where only <c>count</c> is given.</param>
/// <param name="Validation">Number of validation images; as for test images.</param>
/// <param name="Size">Height and width in pixels.</param>
/// <param name="Seed">The seed of the images.</param>
/// <param name="Phrasings">In how many ways each image is captioned.</param>
internal sealed record SceneSpecification(int Count, int Test, int Validation, int Size, long Seed, int Phrasings)
{
    /// <exception cref="TweedieException">A setting is unknown, given twice or out of range.</exception>
    public static SceneSpecification Parse(string settings)
    {
        var values = new GeneratedSettings(
            "scenes", settings, ("count", 5000), ("test", 500), ("val", 500), ("size", 32), ("seed", 0), ("phrasings", ScenePhrasing.All.Count));
        return new SceneSpecification(
            values.Count(DataSplit.Train), values.Count(DataSplit.Test), values.Count(DataSplit.Validation),
            values.Within("size", SceneSource.MinimumSize, SceneSource.MaximumSize), values.Any("seed"),
            values.Within("phrasings", 1, ScenePhrasing.All.Count));
    }

    /// <summary>The images of a split; those of each split come from a stream of their own.</summary>
    public SceneSource Open(DataSplit split) =>
        new(split switch { DataSplit.Train => Count, DataSplit.Test => Test, _ => Validation }, Size, GeneratedSettings.SeedOf(Seed, split), Phrasings);
}
