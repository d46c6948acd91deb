using Tweedie.Metrics;

namespace Tweedie.Tests.Architecture;

public sealed class RunsPageTests
{
    private const string Header = "| name | unit | better | meaning |";

    [Fact]
    public void The_page_has_the_table_of_metrics() =>
        File.ReadLines(Path.Combine(Shared.RepositoryRoot, "docs", "runs.md")).SkipWhile(line => line != Header).Skip(2).TakeWhile(line => line != "")
            .Should().Equal(MetricInfo.All.Where(metric => metric.Name != "onlyHere").Select(Line));

    private static string Line(MetricInfo metric)
    {
        var unit = metric.Unit switch { MetricUnit.PerSecond => "per second", MetricUnit.None => "", var other => $"{other}".ToLowerInvariant() };
        var better = metric.IsHigherBetter switch { true => "higher", false => "lower", null => "" };
        return $"| `{metric.Name}` | {unit} | {better} | {metric.Meaning} |";
    }
}
