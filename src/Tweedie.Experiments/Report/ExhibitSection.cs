using System.Text;
using Tweedie.Experiments.Exhibits;

namespace Tweedie.Experiments.Report;

/// <summary>An exhibit as a part of the page.</summary>
internal static class ExhibitSection
{
    /// <summary>Writes the section.</summary>
    /// <param name="exhibit">The exhibit.</param>
    /// <param name="folder">The folder of its figures.</param>
    /// <param name="id">The section's name in the page.</param>
    /// <exception cref="TweedieException">A figure is missing.</exception>
    public static string Create(Exhibit exhibit, string folder, string id)
    {
        var html = new StringBuilder($"<section id=\"{id}\"><h3>{Html.Text(exhibit.Title)}</h3>\n");
        html.AppendJoin("", exhibit.Notes.Select(Html.Paragraph));
        html.AppendJoin("", exhibit.Tables.Select(table => Html.Table(table.Caption, table.Columns, table.Rows)));
        if (exhibit.Figures.Count > 0)
            html.Append("<div class=\"figures\">\n").AppendJoin("", exhibit.Figures.Select(figure => Figure(figure, folder, id))).Append("</div>\n");
        html.Append(Gallery.Create(exhibit.Gallery));
        html.AppendJoin("", exhibit.Trajectories.Select(TrajectoryWidget.Create));
        html.AppendJoin("", exhibit.Findings.Select(finding => Html.Paragraph($"Claim {finding.Number} {Show.Words(finding.Verdict)}: {finding.Measured} ({finding.Rule}).")));
        if (exhibit.Claims.Count > 0)
            html.Append(ClaimTable.Create("The claims, examined", exhibit.Claims));
        return html.Append("</section>\n").ToString();
    }

    private static string Figure(ExhibitFigure figure, string folder, string id)
    {
        var path = Path.Combine(folder, figure.Name + ".svg");
        try
        {
            return $"<figure>{Html.InlineSvg(File.ReadAllText(path), $"{id}-{figure.Name}", figure.Caption)}<figcaption>{Html.Text(figure.Caption)}</figcaption></figure>\n";
        }
        catch (Exception error) when (error.IsFileError())
        {
            throw FileErrors.CannotRead(path, error);
        }
    }
}
