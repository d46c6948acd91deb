using System.Text;
using Tweedie.Experiments.Exhibits;
using Tweedie.Experiments.Paper;
using Tweedie.Experiments.Statistics;
using Tweedie.Storage;

namespace Tweedie.Experiments.Report;

/// <summary>
/// Writes all claims of the paper as one Markdown page: first one line for each, which is read in two minutes, then the evidence, every number with the command that
/// makes it.
/// </summary>
public static class ClaimsPage
{
    /// <summary>Writes the page.</summary>
    /// <param name="folders">The reproductions whose exhibits are the evidence.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="TweedieException">A folder holds no reproduction, or a file cannot be read or written.</exception>
    public static void Write(IReadOnlyList<ReproductionFolder> folders, string path)
    {
        ArgumentNullException.ThrowIfNull(folders);
        var evidence = folders.SelectMany(Read).ToList();
        var page = new StringBuilder("# The paper's claims, and what was found\n\n").Append(Comparison.Rule).Append(" Where several data sets or scales examine a claim, the line shows the one with the narrowest interval, and counts the others.\n\n");
        page.Append("| | claim | paper | verdict | difference, points, 95 % | what would change it |\n|---|---|---|---|---|---|\n");
        foreach (var claim in PaperClaims.All)
            page.Append(Line(claim, [.. evidence.Where(item => item.Number == claim.Number)]));
        page.Append("\n## The evidence\n\n").Append("Differences are in points, of means over the seeds. The command in the last column makes the number; `tweedie reproduce all` with the same scale makes all of them.\n");
        foreach (var claim in PaperClaims.All)
            page.Append(Section(claim, [.. evidence.Where(item => item.Number == claim.Number)]));
        var others = evidence.Where(item => item.Number is null).ToList();
        if (others.Count > 0)
            page.Append("\n### Not in the paper\n\n").Append(Table(others));
        AtomicFile.WriteText(path, page.ToString());
    }

    private static IEnumerable<Evidence> Read(ReproductionFolder folder)
    {
        if (!File.Exists(folder.Record))
            throw new TweedieException($"{folder.Path}: holds no reproduction; make one with tweedie reproduce.");
        var record = ExperimentJson.Read<ReproductionRecord>(folder.Record);
        var scale = record.Scale.ToString().ToLowerInvariant();
        foreach (var exhibit in PaperExperiments.All.Select(experiment => folder.Exhibit(experiment.Name)).Where(File.Exists).Select(ExperimentJson.Read<Exhibit>))
        {
            var command = $"tweedie reproduce {exhibit.Name} --scale {scale}" + (record.Data.Length == 0 ? "" : " --data DATA");
            foreach (var claim in exhibit.Claims)
                yield return new(claim.Number, claim, null, scale, command);
            foreach (var finding in exhibit.Findings)
                yield return new(finding.Number, null, finding, scale, command);
        }
    }

    private static string Line(PaperClaim claim, IReadOnlyList<Evidence> evidence)
    {
        var main = evidence.MinBy(item => item.Width);
        var (verdict, difference, change) = main switch
        {
            null => ("not tested", "", claim.Reason ?? $"Run {string.Join(", ", claim.Exhibits)}."),
            { Finding: { } finding } => (Show.Words(finding.Verdict), finding.Measured, finding.Rule),
            { Claim: { Comparison: var comparison } measured } => (Show.Words(comparison.Verdict), $"{Show.Points(comparison.Difference)} {Show.Points(comparison.Interval)} ({measured.Data}, {main.Scale})", Show.Needed(comparison)),
            _ => throw new InvalidOperationException("Evidence is a claim or a finding."),
        };
        var others = evidence.Where(item => item != main).GroupBy(item => item.Verdict).OrderBy(group => group.Key).Select(group => $"{group.Count()} × {Show.Words(group.Key)}").ToList();
        return Row([claim.Number, $"{claim.Statement} ({claim.Section})", claim.Evidence, $"**{verdict}**{(others.Count == 0 ? "" : $"; others: {string.Join(", ", others)}")}", difference, change]);
    }

    private static string Section(PaperClaim claim, IReadOnlyList<Evidence> evidence)
    {
        var text = new StringBuilder($"\n### {claim.Number}. {claim.Statement}\n\n{claim.Section}. The paper's evidence: {claim.Evidence}.");
        if (claim.Reason is not null)
            text.Append($" {claim.Reason}");
        text.Append(evidence.Count == 0 && claim.Exhibits.Count > 0 ? $" Examined by {string.Join(", ", claim.Exhibits)}, of which nothing is finished here.\n" : "\n");
        foreach (var item in evidence.Where(item => item.Finding is not null))
            text.Append($"\n{Show.Words(item.Finding!.Verdict)}: {item.Finding.Measured} ({item.Finding.Rule}). `{item.Command}`\n");
        var measured = evidence.Where(item => item.Claim is not null).ToList();
        if (measured.Count > 0)
            text.Append('\n').Append(Table(measured));
        return text.ToString();
    }

    private static string Table(IEnumerable<Evidence> evidence)
    {
        var table = new StringBuilder("| what was compared | data | verdict | difference | 95 % | seeds, items | what would change it | command |\n|---|---|---|---|---|---|---|---|\n");
        foreach (var item in evidence)
            if (item.Claim is { Comparison: var comparison } claim)
                table.Append(Row([claim.Statement, $"{claim.Data} ({item.Scale})", Show.Words(comparison.Verdict), Show.Points(comparison.Difference), Show.Points(comparison.Interval),
                    $"{comparison.BySeed.Count}, {comparison.Items:N0}", Show.Needed(comparison), $"`{item.Command}`"]));
        return table.ToString();
    }

    private static string Row(IEnumerable<string> cells) => $"| {string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |\n";

    /// <summary>What an exhibit says about a claim: a measured difference or a finding.</summary>
    private sealed record Evidence(string? Number, Claim? Claim, Finding? Finding, string Scale, string Command)
    {
        public Verdict Verdict => Finding?.Verdict ?? Claim!.Comparison.Verdict;

        // Three seeds or more come before fewer, and a finding has no interval.
        public double Width => Claim is not { Comparison: var comparison } ? 0
            : comparison.Interval.High - comparison.Interval.Low + (comparison.BySeed.Count < Comparison.MinimumSeeds ? 1e6 : 0);
    }
}
