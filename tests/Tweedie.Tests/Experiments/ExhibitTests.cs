using Tweedie.Experiments;
using Tweedie.Experiments.Cells;
using Tweedie.Experiments.Exhibits;
using Tweedie.Experiments.Statistics;
using Tweedie.Models;
using Tweedie.Sampling;

namespace Tweedie.Tests.Experiments;

/// <summary>Compares what the tables and figures say with the cells that they are made from.</summary>
[Collection(SharedReproduction.Name)]
public sealed class ExhibitTests(TinyReproduction tiny)
{
    private static readonly Study Study = TinyReproduction.Study;

    private Exhibit Exhibit(string name) => ExperimentJson.Read<Exhibit>(tiny.Folder.Exhibit(name));

    private double[] Accuracies(Arm arm, SamplingOptions sampling, DecodeKind decode = DecodeKind.Last)
    {
        var store = new CellStore(tiny.Folder.Cells);
        return [.. Study.Samplings(Study.Benchmarks[0], arm, sampling).Select(cell => store.Read(cell).By(decode).Correct.Average(right => right ? 1.0 : 0))];
    }

    [Fact]
    public void Table_1_has_every_method_with_the_papers_value_the_difference_and_its_tests()
    {
        var table = Exhibit("table1").Tables.Should().ContainSingle().Subject;

        table.Columns.Should().ContainInOrder("paper", "here", "to the baseline", "95 % interval", "McNemar p, each seed");
        table.Rows.Should().HaveCount(9).And.AllSatisfy(row => row.Should().HaveSameCount(table.Columns));
        table.Rows[0][2].Should().Be("82.3");
        table.Rows.Count(row => row[0].Contains("consensus")).Should().Be(2);
        table.Rows.Count(row => row[0].Contains("control")).Should().Be(2);
        var (linear, one) = (Accuracies(Arm.Linear, Study.Sampling()), Accuracies(Arm.Coefficient, Study.Sampling(steps: 1)));
        table.Rows.Single(row => row[0] == $"{Arm.Coefficient.Title()}: 1 step")[3].Should().Be(Show.Percent(Summary.Of(one)));
        table.Rows.Single(row => row[0] == $"{Arm.Coefficient.Title()}: 1 step")[4].Should().Be(Show.Points(one.Average() - linear.Average()));
    }

    [Fact]
    public void Two_seeds_give_no_verdict() =>
        Exhibit("table2").Claims.Should().NotBeEmpty().And.AllSatisfy(claim => claim.Comparison.Verdict.Should().Be(Verdict.CannotTell));

    [Fact]
    public void Figure_5_has_the_accuracies_of_last_consensus_and_control_at_every_number_of_steps()
    {
        var table = Exhibit("figure5").Tables.Should().ContainSingle().Subject;

        table.Columns.Should().Equal("method", "1", "4");
        var expected =
            from arm in new[] { Arm.Coefficient, Arm.NoCoefficient }
            from decoding in new[] { ("last", false, DecodeKind.Last), ("consensus", false, DecodeKind.Consensus), ("control, averaged", true, DecodeKind.Consensus) }
            select (string[])
            [
                $"{arm.Title()}, {decoding.Item1}",
                .. Study.StepCounts.Select(steps => Show.Percent(Summary.Of(Accuracies(arm, Study.Sampling(steps, control: decoding.Item2), decoding.Item3)))),
            ];
        table.Rows.Should().BeEquivalentTo(expected, options => options.WithStrictOrdering());
    }

    [Fact]
    public void Table_3_has_the_scores_of_true_captions_another_images_masked_and_one_hot_ones()
    {
        var table = Exhibit("table3").Tables.Should().ContainSingle().Subject;
        var (benchmark, store) = (Study.Captions[0], new CellStore(tiny.Folder.Cells));
        var scores = store.Read(benchmark.Scores());

        table.Rows.Select(row => row[0]).Should().OnlyHaveUniqueItems().And.StartWith(["true captions", "captions of another image"]);
        table.Rows.Take(2).Select(row => row[2]).Should().Equal(Three(scores.Truth.Average()), Three(scores.Shuffled.Average()));
        foreach (var method in new[] { TokenMethod.Mdd, TokenMethod.Tdd })
        {
            var sets = store.Read(benchmark.Captions(method).Should().ContainSingle("of one seed").Subject);
            var set = sets.Single(set => set is { Steps: 4, Decode: DecodeKind.Last, Control: false });
            var cosines = scores.Generated[method == TokenMethod.Mdd ? 0 : 1][sets.ToList().IndexOf(set)];
            var row = table.Rows.Single(row => row[0] == $"{method.ToString().ToUpperInvariant()}: 4 steps");
            row.Skip(2).Where((_, column) => column != 1).Take(4).Should().Equal(Three(cosines.Average()), Three(set.Bleu4), Three(set.RougeL), Three(set.CiderD));
        }
    }

    private static string Three(double value) => FormattableString.Invariant($"{value:F3}");
}
