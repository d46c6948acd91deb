namespace Tweedie.Images;

/// <summary>Writes decoded images to files.</summary>
public static class ImageWriter
{
    /// <summary>Writes an image; the file's ending names the format (.png, .jpg, .webp).</summary>
    /// <exception cref="TweedieException">The file cannot be written.</exception>
    public static void Save(RasterImage image, string path)
    {
        try
        {
            using var picture = ToVips(image);
            picture.WriteToFile(path);
        }
        catch (NetVips.VipsException error)
        {
            throw FileErrors.CannotWrite(path, error);
        }
    }

    /// <summary>The image as PNG.</summary>
    public static byte[] ToPng(RasterImage image)
    {
        using var picture = ToVips(image);
        return picture.PngsaveBuffer();
    }

    private static NetVips.Image ToVips(RasterImage image)
    {
        VipsLibrary.EnsureLoaded();
        using var pixels = NetVips.Image.NewFromMemory(image.Pixels.ToArray(), image.Width, image.Height, image.Channels, NetVips.Enums.BandFormat.Uchar);
        return pixels.Copy(interpretation: image.Channels == 1 ? NetVips.Enums.Interpretation.Bw : NetVips.Enums.Interpretation.Srgb);
    }
}
