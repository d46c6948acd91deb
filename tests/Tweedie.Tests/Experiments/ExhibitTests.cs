using Tweedie.Experiments;
using Tweedie.Experiments.Cells;
using Tweedie.Experiments.Exhibits;
using Tweedie.Experiments.Statistics;

namespace Tweedie.Tests.Experiments;

/// <summary>What the tables and figures say, against the cells that they are made from.</summary>
[Collection(SharedReproduction.Name)]
public sealed class ExhibitTests(TinyReproduction tiny)
{
    private static readonly Study Study = TinyReproduction.Study;

    private Exhibit Exhibit(string name) => ExperimentJson.Read<Exhibit>(tiny.Folder.Exhibit(name));

    private double[] Accuracies(Arm arm, Tweedie.Models.SamplingOptions sampling)
    {
        var store = new CellStore(tiny.Folder.Cells);
        return [.. Study.Samplings(Study.Benchmarks[0], arm, sampling).Select(cell => store.Read(cell).Last.Correct.Average(right => right ? 1.0 : 0))];
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
    public void Figure_5_has_last_consensus_and_control_at_every_number_of_steps()
    {
        var table = Exhibit("figure5").Tables.Should().ContainSingle().Subject;

        table.Columns.Should().Equal("method", "1", "4");
        table.Rows.Select(row => row[0]).Should().OnlyHaveUniqueItems().And.Contain(name => name.Contains("last"))
            .And.Contain(name => name.Contains("consensus")).And.Contain(name => name.Contains("control"));
    }

    [Fact]
    public void Table_3_has_truth_another_images_masked_and_one_hot_captions()
    {
        var rows = Exhibit("table3").Tables.Should().ContainSingle().Subject.Rows.Select(row => row[0]).ToList();

        rows.Should().Contain(name => name.Contains("MDD")).And.Contain(name => name.Contains("TDD")).And.HaveCountGreaterThanOrEqualTo(5);
    }
}
