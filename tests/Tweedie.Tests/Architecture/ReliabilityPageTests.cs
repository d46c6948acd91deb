using System.Text.RegularExpressions;

namespace Tweedie.Tests.Architecture;

/// <summary>The page of promises names tests that check each promise; every test that it names exists.</summary>
public sealed partial class ReliabilityPageTests
{
    [Fact]
    public void Every_test_that_the_page_names_exists()
    {
        var page = File.ReadAllText(Path.Combine(Shared.RepositoryRoot, "docs", "reliability.md"));
        var tests = typeof(ReliabilityPageTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods().Where(method => method.IsDefined(typeof(FactAttribute), inherit: true)).Select(method => $"{type.Name}.{method.Name}"));

        var named = TestName().Matches(page).Select(match => match.Groups[1].Value).ToList();

        named.Should().HaveCountGreaterThan(30);
        named.Except(tests).Should().BeEmpty();
    }

    [GeneratedRegex(@"`(\w+Tests\.\w+)`")]
    private static partial Regex TestName();
}
