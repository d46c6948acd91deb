using System.Text.RegularExpressions;

namespace Tweedie.Tests.Architecture;

/// <summary>The README and the pages of the documentation lead to files and sections that exist.</summary>
public sealed partial class PageLinkTests
{
    public static TheoryData<string> Pages =>
        [.. Directory.GetFiles(Path.Combine(Shared.RepositoryRoot, "docs"), "*.md").Prepend(Path.Combine(Shared.RepositoryRoot, "README.md"))
            .Select(path => Path.GetRelativePath(Shared.RepositoryRoot, path))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_leads_to_a_file_and_a_section(string page)
    {
        var path = Path.Combine(Shared.RepositoryRoot, page);
        foreach (Match link in Link().Matches(File.ReadAllText(path)))
        {
            var target = link.Groups["path"].Length == 0 ? path : Path.Combine(Path.GetDirectoryName(path)!, link.Groups["path"].Value);
            Path.Exists(target).Should().BeTrue($"{page} leads to {link.Groups["path"].Value}");
            if (link.Groups["section"] is { Success: true } section)
                File.ReadLines(target).Where(line => line.StartsWith('#')).Select(Anchor).Should().Contain(section.Value, page);
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_file_of_the_repository_that_is_named_exists(string page)
    {
        foreach (Match name in RepositoryPath().Matches(File.ReadAllText(Path.Combine(Shared.RepositoryRoot, page))))
            Path.Exists(Path.Combine(Shared.RepositoryRoot, name.Groups[1].Value)).Should().BeTrue($"{page} names {name.Groups[1].Value}");
    }

    [Fact]
    public void The_site_lists_every_page_and_no_other()
    {
        var docs = Path.Combine(Shared.RepositoryRoot, "docs");
        var listed = Address().Matches(File.ReadAllText(Path.Combine(docs, "toc.yml"))).Select(match => match.Groups[1].Value).ToList();

        listed.Should().OnlyHaveUniqueItems().And.OnlyContain(page => File.Exists(Path.Combine(docs, page)));
        listed.Should().Contain(Directory.GetFiles(docs, "*.md").Select(path => Path.GetFileName(path)));
    }

    [Fact]
    public void The_first_page_of_the_site_leads_to_pages_that_exist()
    {
        var links = Link().Matches(File.ReadAllText(Path.Combine(Shared.RepositoryRoot, "docs", "site", "index.md"))).Select(match => match.Groups["path"].Value);

        links.Where(path => !path.StartsWith("api/") && !path.StartsWith("reference/")) // these are generated
            .Should().NotBeEmpty().And.OnlyContain(path => File.Exists(Path.Combine(Shared.RepositoryRoot, path)));
    }

    // As GitHub makes them of headings.
    private static string Anchor(string heading) => NoLetter().Replace(heading.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"\]\((?!https?:)(?<path>[^)#\s]*)(?:#(?<section>[^)]+))?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`((?:src|tests|configs|samples|scripts)/[\w./-]+)`")]
    private static partial Regex RepositoryPath();

    [GeneratedRegex(@"href: ([^\s}]+)")]
    private static partial Regex Address();

    [GeneratedRegex(@"[^\w\s-]")]
    private static partial Regex NoLetter();
}
