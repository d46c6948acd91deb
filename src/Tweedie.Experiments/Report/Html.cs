using System.Net;
using System.Text.RegularExpressions;

namespace Tweedie.Experiments.Report;

/// <summary>Pieces of HTML.</summary>
internal static partial class Html
{
    /// <summary>Text with the signs of HTML escaped.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A paragraph.</summary>
    public static string Paragraph(string text) => $"<p>{Text(text)}</p>\n";

    /// <summary>A table that scrolls by itself where the page is narrow; the first column names the rows.</summary>
    public static string Table(string caption, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows) =>
        $"<div class=\"scroll\"><table><caption>{Text(caption)}</caption><thead><tr>{string.Concat(columns.Select(column => $"<th scope=\"col\">{Text(column)}</th>"))}</tr></thead><tbody>\n"
        + string.Concat(rows.Select(row => $"<tr><th scope=\"row\">{Text(row[0])}</th>{string.Concat(row.Skip(1).Select(cell => $"<td>{Text(cell)}</td>"))}</tr>\n"))
        + "</tbody></table></div>\n";

    /// <summary>A part that is folded until it is wanted.</summary>
    public static string Folded(string title, string content) => $"<details><summary>{Text(title)}</summary>\n{content}</details>\n";

    /// <summary>An SVG for a page with others: the names that its parts call each other by become its own.</summary>
    public static string InlineSvg(string svg, string name, string title) => OwnName().Replace(svg, match => match.Value + name + "-")
        .Replace("<svg ", $"<svg role=\"img\" aria-label=\"{Text(title)}\" ", StringComparison.Ordinal);

    [GeneratedRegex("""(?:\bid="|url\(#|href="#)""")]
    private static partial Regex OwnName();
}
