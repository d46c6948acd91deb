using System.Net;
using NetVips;
using Tweedie.Storage;

namespace Tweedie.Images;

/// <summary>Lines of text as images, in the embedded font, so that they look the same on every machine.</summary>
internal static class Lettering
{
    private const string Font = "DejaVu Sans 9";
    private const string FontFile = "DejaVuSans.ttf";
    private const int Resolution = 96; // points to pixels
    private const int LongestText = 200; // characters; more would not fit any line

    private static readonly Lazy<string> FontPath = new(WriteFont);
    private static readonly Lazy<RasterImage> Rule = new(() => RenderAsIs("|"));

    /// <summary>Pixels between the bottoms of two lines.</summary>
    public const int LineHeight = 16;

    /// <summary>Draws a line of text, cut at a word and ended by "…" where it is too long: white is the text, black the ground.</summary>
    /// <param name="text">The text; line breaks and other control characters become blanks.</param>
    /// <param name="width">The most pixels of a line.</param>
    /// <returns>The line; null for a text of blanks.</returns>
    /// <exception cref="TweedieException">The text cannot be drawn.</exception>
    public static RasterImage? Draw(string text, int width)
    {
        var line = new string([.. text.Select(character => char.IsControl(character) ? ' ' : character).Take(LongestText)]).Trim();
        if (line.Length == 0)
            return null;
        var shown = Render(line);
        for (var cut = line; shown.Width > width && cut.Length > 1;)
        {
            cut = Shorter(cut);
            shown = Render($"{cut}…");
        }
        return shown.Width <= width ? shown : shown.Crop(new CropBox(0, 0, width, shown.Height));
    }

    private static string Shorter(string text) => (text.LastIndexOf(' ') is > 0 and var space ? text[..space] : text[..^1]).TrimEnd(' ', ',', '.');

    // The sign "|" is as high as a line. Drawn before the text and cut off again, it gives all lines one height, with their letters on one level.
    private static RasterImage Render(string text)
    {
        var (line, rule) = (RenderAsIs($"|{text}"), Rule.Value);
        return line.Crop(new CropBox(rule.Width, 0, line.Width - rule.Width, line.Height));
    }

    private static RasterImage RenderAsIs(string text)
    {
        VipsLibrary.EnsureLoaded();
        try
        {
            using var mask = Image.Text(WebUtility.HtmlEncode(text), font: Font, fontfile: FontPath.Value, dpi: Resolution);
            var pixels = new RasterImage(mask.Width, mask.Height, 1, memory: null);
            VipsPixels.Copy(mask, new CropBox(0, 0, mask.Width, mask.Height), pixels.Canvas);
            return pixels;
        }
        catch (VipsException error)
        {
            throw new TweedieException($"The text '{OneLine.Of(text)}' cannot be drawn: {OneLine.Of(error.Message)}", error, FaultKind.Resources);
        }
    }

    // libvips reads fonts only from files.
    private static string WriteFont()
    {
        using var resource = typeof(Lettering).Assembly.GetManifestResourceStream(FontFile)!;
        var folder = UserCache.Folder("fonts") ?? Path.GetTempPath();
        try
        {
            return Write(folder, resource);
        }
        catch (TweedieException)
        {
            return Write(Path.GetTempPath(), resource); // the user's folder cannot be written
        }
    }

    private static string Write(string folder, Stream resource)
    {
        var path = Path.Combine(folder, FontFile);
        if (new FileInfo(path) is { Exists: true } file && file.Length == resource.Length)
            return path;
        Folder.Create(folder);
        resource.Position = 0;
        AtomicFile.Write(path, resource.CopyTo);
        return path;
    }
}
