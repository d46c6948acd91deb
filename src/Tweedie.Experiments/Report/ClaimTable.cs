using Tweedie.Experiments.Exhibits;
using Tweedie.Experiments.Statistics;

namespace Tweedie.Experiments.Report;

/// <summary>Claims with what was measured and the verdict.</summary>
internal static class ClaimTable
{
    public static string Create(string caption, IEnumerable<Claim> claims) =>
        $"<div class=\"scroll\"><table class=\"claims\"><caption>{Html.Text(caption)}</caption><thead><tr>"
        + string.Concat(new[] { "claim", "verdict", "difference, points", "95 % interval", "what would change it", "95 % by bootstrap", "each seed", "McNemar p, each seed", "paper", "data" }.Select(column => $"<th scope=\"col\">{column}</th>"))
        + $"</tr></thead><tbody>\n{string.Concat(claims.Select(Row))}</tbody></table></div>\n";

    private static string Row(Claim claim)
    {
        var comparison = claim.Comparison;
        string[] cells =
        [
            Show.Points(comparison.Difference), Show.Points(comparison.Interval), Show.Needed(comparison), Show.Points(comparison.Bootstrap), string.Join(", ", comparison.BySeed.Select(Show.Points)),
            comparison.PValues.Count == 0 ? "–" : Show.PValues(comparison.PValues), claim.Paper, claim.Data,
        ];
        return $"<tr><th scope=\"row\">{Html.Text(claim.Statement)}</th><td class=\"{Class(comparison.Verdict)}\">{Show.Words(comparison.Verdict)}</td>"
            + $"{string.Concat(cells.Select(cell => $"<td>{Html.Text(cell)}</td>"))}</tr>\n";
    }

    private static string Class(Verdict verdict) => verdict switch
    {
        Verdict.Holds => "holds",
        Verdict.DoesNotHold => "fails",
        Verdict.NoLarger => "small",
        _ => "open",
    };
}
