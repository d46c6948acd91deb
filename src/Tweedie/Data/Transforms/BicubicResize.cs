namespace Tweedie.Data;

/// <summary>
/// Bicubic resizing of 8-bit images with Pillow's arithmetic: the kernel of Keys (1981) with a = -1/2, widened when shrinking so that it
/// antialiases, cut off and renormalised at the border, in 22-bit fixed point; horizontal first, rounded to bytes, then vertical.
/// </summary>
internal static class BicubicResize
{
    private const double Support = 2;
    private const int FractionBits = 22;
    private const int Half = 1 << (FractionBits - 1);

    /// <summary>Resizes to the given size; a direction that keeps its size is left alone.</summary>
    public static RasterImage Apply(RasterImage image, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (width != image.Width)
            image = Horizontal(image, width);
        return height == image.Height ? image : Vertical(image, height);
    }

    private static RasterImage Horizontal(RasterImage image, int width)
    {
        var windows = Windows(image.Width, width);
        var channels = image.Channels;
        var pixels = new byte[checked(width * image.Height * channels)];
        var target = 0;
        for (var y = 0; y < image.Height; y++)
        {
            var row = image.Row(y);
            foreach (var (first, weights) in windows)
            {
                for (var channel = 0; channel < channels; channel++)
                {
                    var sum = Half;
                    for (var (tap, source) = (0, first * channels + channel); tap < weights.Length; tap++, source += channels)
                        sum += weights[tap] * row[source];
                    pixels[target++] = ToByte(sum);
                }
            }
        }

        return new RasterImage(width, image.Height, channels, pixels);
    }

    private static RasterImage Vertical(RasterImage image, int height)
    {
        var rowBytes = image.Width * image.Channels;
        var pixels = new byte[checked(rowBytes * height)];
        var sums = new int[rowBytes];
        var target = pixels.AsSpan();
        foreach (var (first, weights) in Windows(image.Height, height))
        {
            Array.Fill(sums, Half);
            for (var tap = 0; tap < weights.Length; tap++)
            {
                var row = image.Row(first + tap);
                var weight = weights[tap];
                for (var i = 0; i < sums.Length; i++)
                    sums[i] += weight * row[i];
            }

            for (var i = 0; i < sums.Length; i++)
                target[i] = ToByte(sums[i]);
            target = target[rowBytes..];
        }

        return new RasterImage(image.Width, height, image.Channels, pixels);
    }

    private static byte ToByte(int sum) => (byte)Math.Clamp(sum >> FractionBits, 0, 255);

    /// <summary>For each output position, the first input position it sees and the weights from there on, which sum to 2^22.</summary>
    private static (int First, int[] Weights)[] Windows(int inputSize, int outputSize)
    {
        var scale = (double)inputSize / outputSize;
        var stretch = Math.Max(1, scale);
        var windows = new (int, int[])[outputSize];
        for (var position = 0; position < outputSize; position++)
        {
            var centre = (position + 0.5) * scale;
            var first = Math.Max(0, (int)(centre - Support * stretch + 0.5));
            var end = Math.Min(inputSize, (int)(centre + Support * stretch + 0.5));
            var weights = new double[end - first];
            for (var tap = 0; tap < weights.Length; tap++)
                weights[tap] = Kernel((first + tap - centre + 0.5) / stretch);
            var sum = weights.Sum();
            windows[position] = (first, [.. weights.Select(weight => ToFixed(weight / sum))]);
        }

        return windows;
    }

    private static int ToFixed(double weight) => (int)Math.Round(weight * (1 << FractionBits), MidpointRounding.AwayFromZero);

    private static double Kernel(double x)
    {
        const double a = -0.5;
        x = Math.Abs(x);
        return x switch
        {
            < 1 => ((a + 2) * x - (a + 3)) * x * x + 1,
            < 2 => (((x - 5) * x + 8) * x - 4) * a,
            _ => 0,
        };
    }
}
