using Tweedie.Models;

namespace Tweedie.Tests.Samples;

/// <summary>All C# that pages show works: it stands line by line in a sample that a test runs, or it is compiled and run by itself.</summary>
public sealed class PageCodeTests(PageModels models) : IClassFixture<PageModels>
{
    private static readonly HashSet<string> SampleLines = [.. Directory.GetFiles(Path.Combine(Shared.RepositoryRoot, "samples"), "*.cs", SearchOption.AllDirectories)
        .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}")).SelectMany(File.ReadAllLines).Select(line => line.Trim())];

    private static readonly PageCode[] Blocks = [.. PageCode.Pages.SelectMany(page => PageCode.Of(page, "csharp"))];

    public static TheoryData<string, int> Own => [.. Blocks.Where(block => !StandsInSample(block)).Select(block => (block.Page, block.Line))];

    [Theory]
    [MemberData(nameof(Own))]
    public void Code_that_stands_in_no_sample_runs_by_itself(string page, int line) =>
        models.Run(Blocks.Single(block => (block.Page, block.Line) == (page, line)).Code);

    [Theory]
    [InlineData("docs/packages.md", 40)]
    [InlineData("docs/extending.md", 80)]
    [InlineData("README.md", 4)]
    [InlineData("src/Tweedie/README.md", 4)]
    [InlineData("src/Tweedie.Core/README.md", 3)]
    [InlineData("src/Tweedie.Images/README.md", 3)]
    [InlineData("src/Tweedie.Hosting/README.md", 5)]
    [InlineData("src/Tweedie.Web/README.md", 6)]
    [InlineData("docs/serving.md", 3)]
    public void Pages_that_show_a_sample_show_its_lines(string page, int atLeast)
    {
        var blocks = Blocks.Where(block => block.Page == page).ToList();

        blocks.Sum(block => block.Lines.Count()).Should().BeGreaterThanOrEqualTo(atLeast);
        blocks.SelectMany(block => block.Lines).Should().OnlyContain(line => SampleLines.Contains(line));
    }

    public static TheoryData<string> Kinds => [.. ModelUsage.All.Where(usage => usage.Value.Code != "").Select(usage => usage.Key)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_code_of_a_model_card_runs(string kind)
    {
        var code = ModelUsage.Of(kind)!.Code;
        code.Should().Contain($"\"{ModelUsage.Folder}\"");

        models.Run(code.Replace($"\"{ModelUsage.Folder}\"", $"\"{kind}\"")).Should().NotBeEmpty();
    }

    [Fact]
    public void Code_that_does_not_compile_is_found()
    {
        var run = () => models.Run("ImageClassifier.Load(3);");

        run.Should().Throw<Exception>().WithMessage("*CS1503*");
    }

    private static bool StandsInSample(PageCode block) => block.Lines.All(SampleLines.Contains);
}
