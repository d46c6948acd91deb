using System.Globalization;

namespace Tweedie.Data;

/// <summary>The settings after <c>shapes:</c>, as <c>count=2000,size=32,seed=7</c>.</summary>
/// <param name="Count">Number of training images.</param>
/// <param name="Test">Number of test images.</param>
/// <param name="Size">Height and width in pixels.</param>
/// <param name="Seed">The seed of the images.</param>
internal sealed record ShapeSpecification(int Count, int Test, int Size, long Seed)
{
    /// <exception cref="TweedieException">A setting is unknown, given twice or out of range.</exception>
    public static ShapeSpecification Parse(string settings)
    {
        var values = new Dictionary<string, long> { ["count"] = 2000, ["test"] = 500, ["size"] = 32, ["seed"] = 0 };
        var given = new HashSet<string>();
        foreach (var setting in settings.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = setting.Split('=', 2, StringSplitOptions.TrimEntries);
            var key = parts[0];
            if (!values.ContainsKey(key))
                throw Wrong(settings, $"'{key}' is unknown, known are {string.Join(", ", values.Keys)}");
            if (!long.TryParse(parts[^1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
                throw Wrong(settings, $"'{setting}' is not of the form {key}=NUMBER");
            if (!given.Add(key))
                throw Wrong(settings, $"'{key}' is given twice");
            values[key] = value;
        }

        foreach (var key in new[] { "count", "test" })
        {
            if (values[key] is < 1 or > int.MaxValue)
                throw Wrong(settings, $"{key} is {values[key]}, allowed are 1 to {int.MaxValue}");
        }

        if (values["size"] is < ShapeSource.MinimumSize or > ShapeSource.MaximumSize)
            throw Wrong(settings, $"size is {values["size"]}, allowed are {ShapeSource.MinimumSize} to {ShapeSource.MaximumSize}");
        return new ShapeSpecification((int)values["count"], (int)values["test"], (int)values["size"], values["seed"]);
    }

    /// <summary>The images of a split; training and test images come from different streams.</summary>
    public ShapeSource Open(DataSplit split) => split == DataSplit.Train
        ? new ShapeSource(Count, Size, Seed)
        : new ShapeSource(Test, Size, Seeds.Derive(Seed, SeedPurpose.Generate, TestStream));

    // No image has this index, so the test stream's seed is no training image's seed.
    private const long TestStream = -1;

    private static TweedieException Wrong(string settings, string reason) =>
        new($"'shapes:{settings}': {reason}.");
}
