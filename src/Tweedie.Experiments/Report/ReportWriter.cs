using System.Text;
using Tweedie.Storage;

namespace Tweedie.Experiments.Report;

/// <summary>Writes reproductions and trainings as one HTML file that needs nothing else.</summary>
public static class ReportWriter
{
    private const string Reproduced = "Tweedie Discrete Diffusion, reproduced";

    /// <summary>Writes the report of reproductions.</summary>
    /// <param name="folders">The reproductions.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="TweedieException">A folder holds no reproduction, or a file cannot be read or written.</exception>
    public static void Write(IReadOnlyList<ReproductionFolder> folders, string path) => WritePage(Reproductions(folders), path, Reproduced);

    /// <summary>Writes the report of reproductions and trainings; trainings are compared with each other.</summary>
    /// <param name="folders">Folders of reproductions or trainings, finished or not.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="TweedieException">A folder is neither, or a file cannot be read or written.</exception>
    public static void Write(IReadOnlyList<string> folders, string path)
    {
        ArgumentNullException.ThrowIfNull(folders);
        var trainings = folders.Where(TrainingRecord.IsIn).ToList();
        var reproductions = folders.Except(trainings).Select(folder => new ReproductionFolder(folder)).ToList();
        if (reproductions.Find(folder => !File.Exists(folder.Record)) is { } neither)
            throw new TweedieException($"{neither.Path}: {Neither(neither.Path)}");
        List<IReportPart> parts = trainings.Count == 0 ? [] : [new TrainingsPart([.. trainings.Select(TrainingRecord.Read)], "t")];
        WritePage([.. parts, .. Reproductions(reproductions)], path, reproductions.Count > 0 ? Reproduced : "Trainings");
    }

    private static IEnumerable<IReportPart> Reproductions(IReadOnlyList<ReproductionFolder> folders) =>
        folders.Select((folder, index) => new ReproductionPart(folder, $"r{index + 1}"));

    private static string Neither(string path)
    {
        const string give = "give a folder that tweedie train or tweedie reproduce has written";
        if (!Directory.Exists(path))
            return $"there is no such folder; {give}.";
        return Directory.GetDirectories(path).Order(StringComparer.Ordinal).FirstOrDefault(TrainingRecord.IsIn) is { } training
            ? $"is no training and no reproduction itself, but holds trainings; give them, such as {training}." : $"is no training and no reproduction; {give}.";
    }

    private static void WritePage(IEnumerable<IReportPart> pageParts, string path, string title)
    {
        var parts = pageParts.ToList();
        var body = new StringBuilder($"<header><h1>{title}</h1>\n");
        if (title == Reproduced)
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
            <title>{title}</title>
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
