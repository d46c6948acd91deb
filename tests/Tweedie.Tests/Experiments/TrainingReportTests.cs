using System.Text.RegularExpressions;
using Tweedie.Experiments.Report;
using Tweedie.Tests.Training;

namespace Tweedie.Tests.Experiments;

/// <summary>The report of a user's own trainings.</summary>
[Collection(GlobalState.Name)]
public sealed partial class TrainingReportTests : IDisposable
{
    private readonly TrainingFolder _first = new();
    private readonly TrainingFolder _second = new();
    private readonly TemporaryFolder _folder = new();

    private string Page => _folder.File("report.html");

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Trainings_stand_side_by_side_in_one_page_that_needs_nothing_else()
    {
        var metrics = _first.Train(TinyRun.Config);
        _second.Train(TinyRun.Config.Set("training.learningRate=0.01", "model.method=linear"));

        ReportWriter.Write([_first.Run.Path, _second.Run.Path], Page);

        var html = File.ReadAllText(Page);
        ExternalReference().Matches(html).Should().BeEmpty();
        html.Should().ContainAll(
            $"<th scope=\"row\">training.learningRate</th><td>0.05</td><td>0.01</td>", "<th scope=\"row\">model.method</th><td>tdd</td><td>linear</td>",
            "<td>2 of 2</td><td>12</td>", "<figcaption>loss</figcaption>", "<figcaption>learning rate</figcaption>", "<figcaption>top-1, 3steps, last</figcaption>");
        html.Should().NotContain("<th scope=\"row\">seed</th>", "it is the same in both").And.NotContain("arXiv");
        html.Should().Contain(FormattableString.Invariant($"<th scope=\"row\">top1.3steps.last</th><td>{100 * metrics["top1.3steps.last"]:F2} % (best "));
        var names = Id().Matches(html).Select(match => match.Groups[1].Value).ToList();
        names.Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void A_training_that_was_killed_is_shown_as_far_as_it_came()
    {
        _first.TrainUntil(4, TinyRun.Config);
        File.AppendAllText(_first.Run.Metrics, "{\"step\": 5, \"lo");

        ReportWriter.Write([_first.Run.Path], Page);

        File.ReadAllText(Page).Should().ContainAll("<td>1 of 2</td><td>4</td>", "1 of the log&#39;s lines cannot be read", "<figcaption>loss</figcaption>")
            .And.NotContain("The settings that differ");
    }

    [Fact]
    public void Of_a_step_that_a_crash_logged_twice_the_newest_counts_and_numbers_that_are_not_finite_are_no_points()
    {
        _first.TrainUntil(1, TinyRun.Config);
        File.WriteAllText(_first.Run.Metrics, """
            {"step":1,"seconds":1.5,"loss":3,"top1.x":0.25}
            {"step":2,"seconds":2.5,"loss":"NaN","top1.x":0.75}
            {"step":2,"seconds":2.75,"loss":"NaN","top1.x":0.5}

            """);

        var record = TrainingRecord.Read(_first.Run.Path);

        (record.Steps, record.Time, record.Last("top1.x"), record.BadLines).Should().Be((2, TimeSpan.FromSeconds(2.75), 0.5, 0));
        double.IsNaN(record.Last("loss")!.Value).Should().BeTrue();
        TrainingCharts.Draw([record]).Select(chart => chart.Title).Should().Equal("loss", "top-1, x");
    }

    [Fact]
    public void A_folder_that_is_neither_is_one_line()
    {
        _first.TrainUntil(1, TinyRun.Config);
        var above = Path.GetDirectoryName(_first.Run.Path)!;

        Refusal("nowhere").Should().Be("nowhere: there is no such folder; give a folder that tweedie train or tweedie reproduce has written.");
        Refusal(_folder.Path).Should().Be($"{_folder.Path}: is no training and no reproduction; give a folder that tweedie train or tweedie reproduce has written.");
        Refusal(above).Should().Be($"{above}: is no training and no reproduction itself, but holds trainings; give them, such as {_first.Run.Path}.");
        File.Delete(_first.Run.Metrics);
        Refusal(_first.Run.Path).Should().Be($"{_first.Run.Path}: is a training that has logged nothing yet; wait for its first line, or leave it out.");
        File.Exists(Page).Should().BeFalse();
    }

    private string Refusal(string folder)
    {
        var write = () => ReportWriter.Write([folder], Page);
        return write.Should().Throw<TweedieException>().Which.Message;
    }

    [GeneratedRegex("""(?:src|href)="(?!#|data:)|url\((?!#)|@import""")]
    private static partial Regex ExternalReference();

    [GeneratedRegex(@"\bid=""([^""]*)""")]
    private static partial Regex Id();
}
