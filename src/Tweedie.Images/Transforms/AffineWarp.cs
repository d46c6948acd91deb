using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tweedie.Images;

/// <summary>
/// Draws an image through an affine map, bit for bit as Pillow's <c>transform</c> does: in double precision, truncated to bytes rather than
/// rounded. Its cubic has a = -1, which differs from that of <see cref="AntialiasedResize"/>. The image keeps its size.
/// </summary>
/// <param name="fill">The colour of what comes from outside the image, one value per channel.</param>
/// <param name="interpolation">How values between pixels are found.</param>
internal sealed class AffineWarp(IReadOnlyList<byte> fill, Interpolation interpolation)
{
    // A pixel is a vector of four doubles, one per channel, so that all channels are computed at once.
    private const int Lanes = 4;

    private readonly byte[] _fill = [.. fill];

    public RasterImage Apply(RasterImage image, AffineMap map)
    {
        if (map == AffineMap.Identity)
            return image;
        var length = image.Width * image.Height * Lanes;
        var rented = ArrayPool<double>.Shared.Rent(length);
        try
        {
            Widen(image, rented.AsSpan(0, length));
            return Draw(image, MemoryMarshal.Cast<double, Vector256<double>>(rented.AsSpan(0, length)), map);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(rented);
        }
    }

    private static void Widen(RasterImage image, Span<double> target)
    {
        target.Clear();
        var pixels = image.Pixels;
        var channels = image.Channels;
        for (var (i, position) = (0, 0); i < pixels.Length; position += Lanes)
        {
            for (var channel = 0; channel < channels; channel++)
                target[position + channel] = pixels[i++];
        }
    }

    private RasterImage Draw(RasterImage image, ReadOnlySpan<Vector256<double>> source, AffineMap map)
    {
        var (width, height, channels) = (image.Width, image.Height, image.Channels);
        var drawn = image.New(width, height);
        var pixels = drawn.Canvas;
        var target = 0;
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++, target += channels)
            {
                var sourceX = map.A * (x + 0.5) + map.B * (y + 0.5) + map.C;
                var sourceY = map.D * (x + 0.5) + map.E * (y + 0.5) + map.F;
                var pixel = pixels.Slice(target, channels);
                if (!(sourceX >= 0 && sourceX < width && sourceY >= 0 && sourceY < height))
                {
                    _fill.CopyTo(pixel);
                    continue;
                }

                var value = interpolation == Interpolation.Bicubic
                    ? Bicubic(source, width, height, sourceX - 0.5, sourceY - 0.5)
                    : Bilinear(source, width, height, sourceX - 0.5, sourceY - 0.5);
                value = Vector256.Min(Vector256.Max(value, Vector256<double>.Zero), Vector256.Create(255.0));
                for (var channel = 0; channel < pixel.Length; channel++)
                    pixel[channel] = (byte)value[channel];
            }
        }

        return drawn;
    }

    private static Vector256<double> Bilinear(ReadOnlySpan<Vector256<double>> source, int width, int height, double x, double y)
    {
        var (left, top) = (Math.Floor(x), Math.Floor(y));
        var (dx, dy) = (Vector256.Create(x - left), Vector256.Create(y - top));
        var (x0, x1) = (Math.Max((int)left, 0), Math.Min((int)left + 1, width - 1));
        var (y0, y1) = (Math.Max((int)top, 0), Math.Min((int)top + 1, height - 1));
        var row0 = source.Slice(y0 * width, width);
        var row1 = source.Slice(y1 * width, width);
        var upper = row0[x0] + (row0[x1] - row0[x0]) * dx;
        var lower = row1[x0] + (row1[x1] - row1[x0]) * dx;
        return upper + (lower - upper) * dy;
    }

    private static Vector256<double> Bicubic(ReadOnlySpan<Vector256<double>> source, int width, int height, double x, double y)
    {
        var (left, top) = (Math.Floor(x), Math.Floor(y));
        var (dx, dy) = (x - left, y - top);
        var (column, row) = ((int)left, (int)top);
        // On a pixel's row or column the cubic gives that pixel's value, so a shear or shift along one axis needs 4 pixels, not 16.
        if (dy == 0)
            return Across(source.Slice(row * width, width), column, dx);
        return Cubic(
            Across(source.Slice(Math.Max(row - 1, 0) * width, width), column, dx),
            Across(source.Slice(Math.Max(row, 0) * width, width), column, dx),
            Across(source.Slice(Math.Min(row + 1, height - 1) * width, width), column, dx),
            Across(source.Slice(Math.Min(row + 2, height - 1) * width, width), column, dx),
            dy);
    }

    private static Vector256<double> Across(ReadOnlySpan<Vector256<double>> row, int column, double dx)
    {
        if (dx == 0)
            return row[column];
        var last = row.Length - 1;
        return Cubic(
            row[Math.Max(column - 1, 0)], row[Math.Max(column, 0)], row[Math.Min(column + 1, last)], row[Math.Min(column + 2, last)], dx);
    }

    private static Vector256<double> Cubic(
        Vector256<double> v0, Vector256<double> v1, Vector256<double> v2, Vector256<double> v3, double t)
    {
        var first = v2 - v0;
        var second = 2 * (v0 - v1) + v2 - v3;
        var third = v1 - v0 - v2 + v3;
        var at = Vector256.Create(t);
        return v1 + at * (first + at * (second + at * third));
    }
}
