using System.Text;
using Tweedie.Storage;

namespace Tweedie.Experiments.Report;

/// <summary>Writes reproductions as one HTML file that needs nothing else.</summary>
public static class ReportWriter
{
    private const string Title = "Tweedie Discrete Diffusion, reproduced";

    /// <summary>Writes the report.</summary>
    /// <param name="folders">The reproductions.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="TweedieException">A folder holds no reproduction, or a file cannot be read or written.</exception>
    public static void Write(IReadOnlyList<ReproductionFolder> folders, string path)
    {
        var parts = folders.Select((folder, index) => new ReportPart(folder, $"r{index + 1}")).ToList();
        var body = new StringBuilder($"<header><h1>{Title}</h1>\n");
        body.Append(Html.Paragraph("The tables and figures of \"In-Situ Tweedie Discrete Diffusion Models\" (arXiv 2510.01047), each claim re-run at a stated scale, beside the paper's number, with seeds, intervals and controls, also where it does not hold."));
        body.Append("</header>\n<nav aria-label=\"contents\"><ul>").AppendJoin("", parts.Select(part => part.Contents())).Append("</ul></nav>\n<main>\n");
        body.AppendJoin("", parts.Select(part => part.Body())).Append("</main>\n");
        AtomicFile.WriteText(path, $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <link rel="icon" href="data:,">
            <title>{Title}</title>
            <style>
            {Resource("report.css")}</style>
            </head>
            <body>
            {body}<script>
            {Resource("report.js")}</script>
            </body>
            </html>

            """);
    }

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(ReportWriter).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
