using Tweedie;
using Tweedie.Images;

namespace Extending;

/// <summary>
/// Shows a custom image source: generated pictures of the numbers 0 to 299 on a seven-segment display of three places. An image's label is its number.
/// An image is a pure function of the seed and its index, because a training that repeats or resumes exactly needs the same images again.
/// <see cref="ImageSources.Register"/> makes <c>digits:count=2400,test=300,seed=1</c> a name that configs know.
/// </summary>
public sealed class DigitSource(int count, long seed) : IImageSource
{
    /// <summary>The name in configs.</summary>
    public const string Prefix = "digits";

    /// <summary>Height and width of an image.</summary>
    public const int Size = 24;

    private const int Numbers = 300;
    private const int PlaceWidth = Size / SevenSegments.Places;

    /// <summary>Opens a split: training and test images come from different streams.</summary>
    /// <exception cref="TweedieException">A setting is unknown or out of range.</exception>
    public static IImageSource Open(string settings, DataSplit split)
    {
        var values = new GeneratedSettings(Prefix, settings, ("count", 2400), ("test", Numbers), ("seed", 0));
        return split == DataSplit.Train
            ? new DigitSource(values.Count(split), values.Any("seed"))
            : new DigitSource(values.Count(split), GeneratedSettings.TestSeed(values.Any("seed")));
    }

    /// <inheritdoc/>
    public string Name => Prefix;

    /// <inheritdoc/>
    public int Count => count;

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames { get; } = [.. Enumerable.Range(0, Numbers).Select(number => $"{number}")];

    /// <summary>The number of an image. All numbers take turns.</summary>
    public int GetLabel(int index) => index % Numbers;

    /// <inheritdoc/>
    public RasterImage Read(int index)
    {
        var random = new SampleRandom(Seeds.Derive(seed, SeedPurpose.Generate, index));
        var (ink, ground) = (random.NextDouble(120, 255), random.NextDouble(0, 60));
        var pixels = new byte[Size * Size];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)Math.Clamp(ground + 15 * random.NextNormal(), 0, 255);
        foreach (var (place, digit) in SevenSegments.Row(GetLabel(index)).Index())
        {
            var (left, top) = (place * PlaceWidth + random.NextInt(3), 3 + random.NextInt(7));
            foreach (var (x, y) in SevenSegments.Dots(digit))
                pixels[(top + y) * Size + left + x] = (byte)Math.Clamp(ink + 15 * random.NextNormal(), 0, 255);
        }
        return new RasterImage(Size, Size, 1, pixels);
    }

    /// <inheritdoc/>
    public string Describe(int index) => $"generated number {GetLabel(index)} at {index} (seed {seed})";
}
