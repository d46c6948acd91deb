using System.Text.RegularExpressions;

namespace Tweedie.Tests.Architecture;

/// <summary>The page of promises names tests that check each promise; every test that it names exists.</summary>
public sealed partial class ReliabilityPageTests
{
    [Fact]
    public void Every_test_that_the_page_names_exists()
    {
        var page = File.ReadAllText(Path.Combine(Shared.RepositoryRoot, "docs", "reliability.md"));
        var sources = Directory.GetFiles(Path.Combine(Shared.RepositoryRoot, "tests"), "*Tests.cs", SearchOption.AllDirectories)
            .ToLookup(Path.GetFileNameWithoutExtension, File.ReadAllText);

        var named = TestName().Matches(page).Select(match => (Class: match.Groups[1].Value, Test: match.Groups[2].Value)).ToList();

        named.Should().HaveCountGreaterThan(30);
        named.Should().AllSatisfy(name => sources[name.Class].Should().Contain(source => Regex.IsMatch(source, $@"public (async )?(void|Task) {name.Test}\(")));
    }

    [GeneratedRegex(@"`(\w+Tests)\.(\w+)`")]
    private static partial Regex TestName();
}
