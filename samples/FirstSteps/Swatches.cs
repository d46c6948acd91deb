using Tweedie.Images;

namespace FirstSteps;

/// <summary>Shows images of one's own, such as the rows of a database: here, PNGs in memory that are mostly red, green or blue.</summary>
internal sealed class Swatches(int count, int seed) : IImageSource
{
    private readonly byte[][] _files = [.. Enumerable.Range(0, count).Select(index => Draw(index % 3, new Random(HashCode.Combine(seed, index))))];

    /// <inheritdoc/>
    public string Name => "swatches";

    /// <inheritdoc/>
    public int Count => count;

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames { get; } = ["red", "green", "blue"];

    /// <inheritdoc/>
    public int GetLabel(int index) => index % 3;

    /// <inheritdoc/>
    public RasterImage Read(int index) => ImageDecoder.Decode(_files[index], Describe(index));

    /// <inheritdoc/>
    public string Describe(int index) => $"swatch {index}";

    private static byte[] Draw(int channel, Random random)
    {
        var pixels = new byte[16 * 16 * 3];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(i % 3 == channel ? random.Next(150, 256) : random.Next(0, 130));
        return ImageWriter.ToPng(new RasterImage(16, 16, 3, pixels));
    }
}
