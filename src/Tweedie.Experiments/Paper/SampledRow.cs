using Tweedie.Experiments.Cells;
using Tweedie.Sampling;

namespace Tweedie.Experiments.Paper;

/// <summary>A row of a table: an arm under a sampling and decoding.</summary>
/// <param name="Arm">The training.</param>
/// <param name="Detail">How it differs from other rows of the arm.</param>
/// <param name="Sampling">The sampling.</param>
/// <param name="Decode">The decoding.</param>
/// <param name="Paper">The paper's accuracy, 0 to 1; null where it has no such row.</param>
internal sealed record SampledRow(Arm Arm, string Detail, SamplingOptions Sampling, DecodeKind Decode, double? Paper = null)
{
    /// <summary>The row's title.</summary>
    public string Title => Detail.Length == 0 ? Arm.Title() : $"{Arm.Title()}: {Detail}";

    /// <summary>The paper's accuracy in percent, or nothing.</summary>
    public string PaperPercent => Paper is { } paper ? FormattableString.Invariant($"{100 * paper:0.0#}") : "–";

    /// <summary>What has to be sampled for rows: of each benchmark, those of the arms that it has.</summary>
    public static IEnumerable<ICell> Cells(Study study, IEnumerable<Benchmark> benchmarks, IEnumerable<SampledRow> rows) =>
        from benchmark in benchmarks
        from row in rows
        where benchmark.Has(row.Arm)
        from cell in study.Samplings(benchmark, row.Arm, row.Sampling)
        select cell;
}
