namespace Tweedie.Images;

/// <summary>Changes that replace each value by itself, whatever its neighbours are, by tables of 256 values. The arithmetic is that of Pillow and timm.</summary>
internal static class PointOperations
{
    /// <summary>Replaces each value v by <c>table[v]</c>.</summary>
    public static RasterImage Map(RasterImage image, ReadOnlySpan<byte> table)
    {
        var source = image.Pixels;
        var mapped = image.New(image.Width, image.Height);
        var pixels = mapped.Canvas;
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = table[source[i]];
        return mapped;
    }

    /// <summary>The negative.</summary>
    public static RasterImage Invert(RasterImage image) => Map(image, value => (byte)(255 - value));

    /// <summary>Keeps the highest bits of each value; 0 bits are black.</summary>
    public static RasterImage Posterize(RasterImage image, int bits)
    {
        var mask = bits >= 8 ? 255 : ~(255 >> Math.Max(bits, 0));
        return Map(image, value => (byte)(value & mask));
    }

    /// <summary>Inverts the values from the threshold on.</summary>
    public static RasterImage Solarize(RasterImage image, int threshold) =>
        Map(image, value => (byte)(value < threshold ? value : 255 - value));

    /// <summary>Adds to the values below 128.</summary>
    public static RasterImage SolarizeAdd(RasterImage image, int addend) =>
        Map(image, value => (byte)(value < 128 ? Math.Min(255, value + addend) : value));

    /// <summary>Scales the brightness: 0 is black, 1 changes nothing.</summary>
    public static RasterImage Brightness(RasterImage image, float factor) => BlendWith(image, 0, factor);

    /// <summary>Moves values away from the mean of the luma (factor above 1) or towards it.</summary>
    public static RasterImage Contrast(RasterImage image, float factor)
    {
        long sum = 0;
        for (var i = 0; i < image.Pixels.Length; i += image.Channels)
            sum += BlendOperations.Luma(image, i);
        var mean = (double)sum / (image.Width * image.Height);
        return BlendWith(image, (int)(mean + 0.5), factor);
    }

    private static RasterImage BlendWith(RasterImage image, int value, float factor) =>
        Map(image, own => BlendOperations.Blend(value, own, factor));

    private static RasterImage Map(RasterImage image, Func<int, byte> function)
    {
        Span<byte> table = stackalloc byte[256];
        for (var value = 0; value < table.Length; value++)
            table[value] = function(value);
        return Map(image, table);
    }
}
