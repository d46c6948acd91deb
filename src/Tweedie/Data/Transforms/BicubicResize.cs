using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

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
    public static RasterImage Apply(RasterImage image, int width, int height) => Apply(image, width, height, new CropBox(0, 0, width, height));

    /// <summary>A part of the resized image; the rest is not computed, however long and thin the image is.</summary>
    public static RasterImage Apply(RasterImage image, int width, int height, CropBox part)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        image = width == image.Width
            ? image.Crop(new CropBox(part.Left, 0, part.Width, image.Height))
            : Horizontal(image, Windows(image.Width, width, part.Left, part.Width));
        return height == image.Height
            ? image.Crop(new CropBox(0, part.Top, image.Width, part.Height))
            : Vertical(image, Windows(image.Height, height, part.Top, part.Height));
    }

    private static RasterImage Horizontal(RasterImage image, (int First, int[] Weights)[] windows)
    {
        var (width, channels) = (windows.Length, image.Channels);
        var pixels = new byte[checked(width * image.Height * channels)];
        var target = 0;
        for (var y = 0; y < image.Height; y++)
        {
            var row = image.Row(y);
            foreach (var (first, weights) in windows)
            {
                var seen = row[(first * channels)..];
                if (channels == 3 && seen.Length > 3 * weights.Length)
                    Weigh3(seen, weights, pixels.AsSpan(target, 3));
                else
                    Weigh(seen, weights, pixels.AsSpan(target, channels));
                target += channels;
            }
        }

        return new RasterImage(width, image.Height, channels, pixels);
    }

    private static void Weigh(ReadOnlySpan<byte> seen, int[] weights, Span<byte> pixel)
    {
        for (var channel = 0; channel < pixel.Length; channel++)
        {
            var sum = Half;
            for (var (tap, source) = (0, channel); tap < weights.Length; tap++, source += pixel.Length)
                sum += weights[tap] * seen[source];
            pixel[channel] = ToByte(sum);
        }
    }

    /// <summary>The same for three channels at once; reads a byte more than the weights need.</summary>
    private static void Weigh3(ReadOnlySpan<byte> seen, int[] weights, Span<byte> pixel)
    {
        var sums = Vector128.Create(Half);
        foreach (var weight in weights)
        {
            var values = Vector128.CreateScalar(MemoryMarshal.Read<uint>(seen)).AsByte();
            sums += Vector128.WidenLower(Vector128.WidenLower(values)).AsInt32() * weight;
            seen = seen[3..];
        }

        for (var channel = 0; channel < pixel.Length; channel++)
            pixel[channel] = ToByte(sums[channel]);
    }

    private static RasterImage Vertical(RasterImage image, (int First, int[] Weights)[] windows)
    {
        var rowBytes = image.Width * image.Channels;
        var pixels = new byte[checked(rowBytes * windows.Length)];
        var sums = new int[rowBytes];
        var target = pixels.AsSpan();
        foreach (var (first, weights) in windows)
        {
            Array.Fill(sums, Half);
            for (var tap = 0; tap < weights.Length; tap++)
                AddWeighted(sums, image.Row(first + tap), weights[tap]);
            for (var i = 0; i < sums.Length; i++)
                target[i] = ToByte(sums[i]);
            target = target[rowBytes..];
        }

        return new RasterImage(image.Width, windows.Length, image.Channels, pixels);
    }

    private static void AddWeighted(Span<int> sums, ReadOnlySpan<byte> row, int weight)
    {
        var i = 0;
        for (var quarter = Vector<int>.Count; i <= sums.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(row[i..]), out var low, out var high);
            Vector.Widen(low, out var first, out var second);
            Vector.Widen(high, out var third, out var fourth);
            var block = sums.Slice(i, Vector<byte>.Count);
            Add(block, first);
            Add(block[quarter..], second);
            Add(block[(2 * quarter)..], third);
            Add(block[(3 * quarter)..], fourth);
        }

        for (; i < sums.Length; i++)
            sums[i] += weight * row[i];

        void Add(Span<int> target, Vector<uint> values) => (new Vector<int>(target) + Vector.AsVectorInt32(values) * weight).CopyTo(target);
    }

    private static byte ToByte(int sum) => (byte)Math.Clamp(sum >> FractionBits, 0, 255);

    /// <summary>
    /// For <paramref name="count"/> output positions from <paramref name="start"/> on, the first input position each sees and the weights
    /// from there on, which sum to 2^22.
    /// </summary>
    private static (int First, int[] Weights)[] Windows(int inputSize, int outputSize, int start, int count)
    {
        var scale = (double)inputSize / outputSize;
        var stretch = Math.Max(1, scale);
        var windows = new (int, int[])[count];
        for (var i = 0; i < count; i++)
        {
            var centre = (start + i + 0.5) * scale;
            var first = Math.Max(0, (int)(centre - Support * stretch + 0.5));
            var end = Math.Min(inputSize, (int)(centre + Support * stretch + 0.5));
            var weights = new double[end - first];
            for (var tap = 0; tap < weights.Length; tap++)
                weights[tap] = Kernel((first + tap - centre + 0.5) / stretch);
            var sum = weights.Sum();
            windows[i] = (first, [.. weights.Select(weight => ToFixed(weight / sum))]);
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
