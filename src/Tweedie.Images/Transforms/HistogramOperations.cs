namespace Tweedie.Images;

/// <summary>
/// Changes that spread each channel's values over the whole range, by tables from its histogram. The arithmetic is that of Pillow's ImageOps.
/// </summary>
internal static class HistogramOperations
{
    /// <summary>Stretches each channel so that its lowest value becomes 0 and its highest 255.</summary>
    public static RasterImage AutoContrast(RasterImage image) => MapChannels(image, Stretch);

    /// <summary>Gives each channel a nearly uniform histogram.</summary>
    public static RasterImage Equalize(RasterImage image) => MapChannels(image, Flatten);

    private static RasterImage MapChannels(RasterImage image, Action<ReadOnlySpan<int>, Span<byte>> makeTable)
    {
        Span<int> counts = stackalloc int[256];
        Span<byte> table = stackalloc byte[256];
        var source = image.Pixels;
        var channels = image.Channels;
        var mapped = image.New(image.Width, image.Height);
        var pixels = mapped.Canvas;
        for (var channel = 0; channel < channels; channel++)
        {
            counts.Clear();
            for (var i = channel; i < source.Length; i += channels)
                counts[source[i]]++;
            makeTable(counts, table);
            for (var i = channel; i < source.Length; i += channels)
                pixels[i] = table[source[i]];
        }

        return mapped;
    }

    private static void Stretch(ReadOnlySpan<int> counts, Span<byte> table)
    {
        var (lowest, highest) = (counts.IndexOfAnyExcept(0), counts.LastIndexOfAnyExcept(0));
        var scale = highest > lowest ? 255.0 / (highest - lowest) : 1;
        var offset = highest > lowest ? -lowest * scale : 0;
        for (var value = 0; value < table.Length; value++)
            table[value] = (byte)Math.Clamp((int)(value * scale + offset), 0, 255);
    }

    private static void Flatten(ReadOnlySpan<int> counts, Span<byte> table)
    {
        var total = 0;
        foreach (var count in counts)
            total += count;
        var step = (total - counts[counts.LastIndexOfAnyExcept(0)]) / 255; // 0 too where there is only one value
        var below = step / 2;
        for (var value = 0; value < table.Length; value++)
        {
            table[value] = (byte)(step == 0 ? value : Math.Min(255, below / step));
            below += counts[value];
        }
    }
}
