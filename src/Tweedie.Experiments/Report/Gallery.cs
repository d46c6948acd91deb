using Tweedie.Experiments.Exhibits;

namespace Tweedie.Experiments.Report;

/// <summary>Images with captions.</summary>
internal static class Gallery
{
    public static string Create(IReadOnlyList<CaptionedImage> images) => images.Count == 0 ? ""
        : $"<div class=\"gallery\">\n{string.Concat(images.Select(Show))}</div>\n";

    private static string Show(CaptionedImage image) =>
        $"<div class=\"captioned\"><img src=\"data:image/png;base64,{Convert.ToBase64String(image.Png)}\" alt=\"\"><dl>"
        + string.Concat(image.Lines.Select(line => $"<dt>{Html.Text(line.Label)}</dt><dd>{Html.Text(line.Sentence)}</dd>")) + "</dl></div>\n";
}
