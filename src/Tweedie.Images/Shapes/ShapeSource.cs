namespace Tweedie.Images;

/// <summary>
/// Generated colour images of ten kinds of shapes, for demonstrations and tests that need no files. Colours, place, size, tilt, background,
/// clutter and noise are random; an image is a pure function of the seed and its index. The classes take turns, so they are balanced.
/// A shape is brighter than its ground and tilted by at most 22.5 degrees, so that a small ViT learns most of the classes within a few
/// hundred steps.
/// </summary>
public sealed class ShapeSource : IImageSource
{
    /// <summary>The smallest height and width in pixels.</summary>
    public const int MinimumSize = 16;

    /// <summary>The largest height and width in pixels.</summary>
    public const int MaximumSize = 64;

    private readonly int _size;
    private readonly long _seed;

    /// <summary>Creates a set of images; none is drawn before it is read.</summary>
    /// <param name="count">Number of images, at least 1.</param>
    /// <param name="size">Height and width, <see cref="MinimumSize"/> to <see cref="MaximumSize"/> pixels.</param>
    /// <param name="seed">The seed of the images.</param>
    public ShapeSource(int count, int size = 32, long seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, MinimumSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, MaximumSize);
        (Count, _size, _seed) = (count, size, seed);
    }

    /// <inheritdoc/>
    public string Name => "shapes";

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames { get; } = [.. Shape.All.Select(shape => shape.Name)];

    /// <inheritdoc/>
    public int GetLabel(int index) => index % Shape.All.Count;

    /// <inheritdoc/>
    public RasterImage Read(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        var random = new SampleRandom(Seeds.Derive(_seed, SeedPurpose.Generate, index));
        return ShapePainter.Paint(Shape.All[GetLabel(index)], _size, random);
    }

    /// <inheritdoc/>
    public string Describe(int index) => $"generated shape {index} (seed {_seed})";
}
