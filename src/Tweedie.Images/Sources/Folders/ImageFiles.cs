namespace Tweedie.Images;

/// <summary>The names of image files that can be decoded (<see cref="ImageDecoder"/>).</summary>
internal static class ImageFiles
{
    private static readonly string[] Suffixes =
    [
        ".jpg", ".jpeg", ".jpe", ".jfif", ".jif", ".png", ".apng", ".webp", ".bmp", ".dib", ".gif", ".tif", ".tiff", ".ppm", ".pgm", ".pbm", ".pnm",
    ];

    /// <summary>The suffixes, for messages.</summary>
    public static string Known => string.Join(", ", Suffixes);

    /// <summary>Whether a file has the name of an image.</summary>
    public static bool Is(string path) => Suffixes.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);
}
