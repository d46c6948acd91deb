using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tweedie.Images;

/// <summary>
/// Resizing of 8-bit images with Pillow's arithmetic (<see cref="ResizeWindows"/>): horizontal first, rounded to bytes, then
/// vertical.
/// </summary>
internal static class AntialiasedResize
{
    private const int Half = 1 << (ResizeWindows.FractionBits - 1);

    /// <summary>Resizes to the given size by cubics; a direction that keeps its size is left alone.</summary>
    public static RasterImage Apply(RasterImage image, int width, int height) => Apply(image, width, height, new CropBox(0, 0, width, height), Interpolation.Bicubic);

    /// <summary>A part of the resized image; the rest is not computed, however long and thin the image is.</summary>
    public static RasterImage Apply(RasterImage image, int width, int height, CropBox part, Interpolation interpolation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (width == image.Width)
        {
            image = image.Crop(new CropBox(part.Left, 0, part.Width, image.Height));
        }
        else
        {
            using var columns = new ResizeWindows(image.Width, width, part.Left, part.Width, interpolation);
            image = Horizontal(image, columns);
        }

        if (height == image.Height)
            return image.Crop(new CropBox(0, part.Top, image.Width, part.Height));
        using var rows = new ResizeWindows(image.Height, height, part.Top, part.Height, interpolation);
        return Vertical(image, rows);
    }

    private static RasterImage Horizontal(RasterImage image, ResizeWindows windows)
    {
        var width = windows.Count;
        var (channels, rowBytes) = (image.Channels, image.Width * image.Channels);
        var resized = image.New(width, image.Height);
        var pixels = image.Pixels;
        var target = resized.Canvas;
        for (var y = 0; y < image.Height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var weights = windows.Weights(x);
                var seen = pixels[(y * rowBytes + windows.First(x) * channels)..];
                if (channels == 3 && seen.Length >= 3 * weights.Length + 5)
                    Weigh3(seen, weights, target[..3]);
                else
                    Weigh(seen, weights, target[..channels]);
                target = target[channels..];
            }
        }

        return resized;
    }

    private static void Weigh(ReadOnlySpan<byte> seen, ReadOnlySpan<int> weights, Span<byte> pixel)
    {
        for (var channel = 0; channel < pixel.Length; channel++)
        {
            var sum = Half;
            for (var (tap, source) = (0, channel); tap < weights.Length; tap++, source += pixel.Length)
                sum += weights[tap] * seen[source];
            pixel[channel] = ToByte(sum);
        }
    }

    /// <summary>The same for three channels at once, two weights at a time; reads up to five bytes more than the weights need.</summary>
    private static void Weigh3(ReadOnlySpan<byte> seen, ReadOnlySpan<int> weights, Span<byte> pixel)
    {
        ref var source = ref MemoryMarshal.GetReference(seen);
        var spread = Vector128.Create((byte)0, 1, 2, 255, 3, 4, 5, 255, 255, 255, 255, 255, 255, 255, 255, 255);
        var sums = Vector256<int>.Zero;
        var tap = 0;
        for (; tap + 1 < weights.Length; tap += 2)
        {
            var two = Vector128.CreateScalar(Unsafe.ReadUnaligned<ulong>(
                ref Unsafe.Add(ref source, 3 * tap))).AsByte();
            var values = Widen8(Vector128.Shuffle(two, spread));
            sums += values * Vector256.Create(Vector128.Create(weights[tap]), Vector128.Create(weights[tap + 1]));
        }

        var sum = sums.GetLower() + sums.GetUpper() + Vector128.Create(Half);
        if (tap < weights.Length)
        {
            var last = Vector128.CreateScalar(Unsafe.ReadUnaligned<uint>(
                ref Unsafe.Add(ref source, 3 * tap))).AsByte();
            sum += Vector128.WidenLower(Vector128.WidenLower(last)).AsInt32() * weights[tap];
        }

        sum = Vector128.Clamp(sum >> ResizeWindows.FractionBits, Vector128<int>.Zero, Vector128.Create(255));
        (pixel[0], pixel[1], pixel[2]) = ((byte)sum[0], (byte)sum[1], (byte)sum[2]);
    }

    private static RasterImage Vertical(RasterImage image, ResizeWindows windows)
    {
        var height = windows.Count;
        var rowBytes = image.Width * image.Channels;
        var resized = image.New(image.Width, height);
        for (var y = 0; y < height; y++)
        {
            var seen = image.Pixels[(windows.First(y) * rowBytes)..];
            var target = resized.Canvas.Slice(y * rowBytes, rowBytes);
            var weights = windows.Weights(y);
            var column = 0;
            for (; column <= rowBytes - Vector128<byte>.Count; column += Vector128<byte>.Count)
                Weigh16(seen[column..], rowBytes, weights).CopyTo(target[column..]);
            for (; column < rowBytes; column++)
            {
                var sum = Half;
                for (var tap = 0; tap < weights.Length; tap++)
                    sum += weights[tap] * seen[tap * rowBytes + column];
                target[column] = ToByte(sum);
            }
        }

        return resized;
    }

    /// <summary>Sixteen columns of the weighted rows.</summary>
    private static Vector128<byte> Weigh16(ReadOnlySpan<byte> seen, int rowBytes, ReadOnlySpan<int> weights)
    {
        var (low, high) = (Vector256.Create(Half), Vector256.Create(Half));
        for (var tap = 0; tap < weights.Length; tap++)
        {
            var values = Vector128.Create(seen.Slice(tap * rowBytes, Vector128<byte>.Count));
            var weight = Vector256.Create(weights[tap]);
            low += Widen8(values) * weight;
            high += Widen8(Vector128.Shuffle(values, Vector128.Create((byte)8, 9, 10, 11, 12, 13, 14, 15, 255, 255, 255, 255, 255, 255, 255, 255))) * weight;
        }

        var words = Vector256.Narrow(Clamp(low), Clamp(high));
        return Vector128.Narrow(words.GetLower(), words.GetUpper()).AsByte();
    }

    private static Vector256<uint> Clamp(Vector256<int> sums) =>
        Vector256.Clamp(sums >> ResizeWindows.FractionBits, Vector256<int>.Zero, Vector256.Create(255)).AsUInt32();

    /// <summary>The lower eight bytes as integers.</summary>
    private static Vector256<int> Widen8(Vector128<byte> bytes) =>
        Avx2.IsSupported
            ? Avx2.ConvertToVector256Int32(bytes)
            : Vector256.WidenLower(Vector128.WidenLower(bytes).ToVector256Unsafe()).AsInt32();

    private static byte ToByte(int sum) => (byte)Math.Clamp(sum >> ResizeWindows.FractionBits, 0, 255);
}
