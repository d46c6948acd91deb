using System.Runtime.InteropServices;
using NetVips;

namespace Tweedie.Images;

/// <summary>
/// Computes pixels of libvips' lazy images in the caller's thread. libvips' own way to write an image to memory starts threads for each image and
/// gives them fresh memory; where many images are read at once, that costs more than decoding a JPEG.
/// </summary>
internal static unsafe class VipsPixels
{
    // Small enough for the processor's cache; JPEG comes in rows of 8 or 16.
    private const int StripRows = 32;

    // NetVips offers this function only with one managed array per call.
    private static readonly delegate* unmanaged<nint, int, int, int, int, nuint*, byte*> Fetch = (delegate* unmanaged<nint, int, int, int, int, nuint*, byte*>)
        NativeLibrary.GetExport(NativeLibrary.Load(LibraryName(), typeof(Image).Assembly, searchPath: null), "vips_region_fetch");

    /// <summary>Writes the pixels in a box of an image with 8-bit channels, row by row from the top.</summary>
    /// <exception cref="VipsException">They cannot be computed.</exception>
    public static void Copy(Image image, CropBox box, Span<byte> target)
    {
        using var region = Region.New(image);
        for (var top = 0; top < box.Height; top += StripRows)
        {
            var rows = Math.Min(StripRows, box.Height - top);
            nuint length;
            var strip = Fetch(region.DangerousGetHandle(), box.Left, box.Top + top, box.Width, rows, &length);
            if (strip == null)
                throw new VipsException("unable to read pixels");
            new ReadOnlySpan<byte>(strip, (int)length).CopyTo(target);
            NetVips.NetVips.Free((nint)strip);
            target = target[(int)length..];
        }
    }

    private static string LibraryName() =>
        OperatingSystem.IsWindows() ? "libvips-42.dll" : OperatingSystem.IsMacOS() ? "libvips.42.dylib" : "libvips.so.42";
}
