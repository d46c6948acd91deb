using System.Text.RegularExpressions;
using Tweedie.Experiments;
using Tweedie.Experiments.Paper;
using Tweedie.Experiments.Report;

namespace Tweedie.Tests.Experiments;

[Collection(SharedReproduction.Name)]
public sealed partial class ReportTests(TinyReproduction tiny)
{
    [Fact]
    public void A_report_shows_every_exhibit_and_needs_nothing_else()
    {
        var html = File.ReadAllText(tiny.Folder.Report);

        foreach (var experiment in PaperExperiments.All)
            html.Should().Contain($"<section id=\"r1-{experiment.Name}\">").And.Contain($"href=\"#r1-{experiment.Name}\"");
        ExternalReference().Matches(html).Should().BeEmpty("it must work without a network");
        html.Should().ContainAll("tweedie reproduce all", "task: classification", "libtorch", "cannot tell");
    }

    [Fact]
    public void Names_in_a_report_of_several_runs_are_its_own()
    {
        var path = tiny.File("two.html");

        ReportWriter.Write([tiny.Folder, tiny.Folder], path);

        var html = File.ReadAllText(path);
        var names = Id().Matches(html).Select(match => match.Groups[1].Value).ToList();
        names.Should().OnlyHaveUniqueItems().And.HaveCountGreaterThan(20);
        Used().Matches(html).Select(match => match.Groups[1].Value).Should().BeSubsetOf(names);
    }

    [Fact]
    public void A_folder_without_a_reproduction_is_named()
    {
        var write = () => ReportWriter.Write([new ReproductionFolder("nowhere")], tiny.File("none.html"));

        write.Should().Throw<TweedieException>().WithMessage("nowhere*tweedie reproduce*");
    }

    [GeneratedRegex("""(?:src|href)="(?!#|data:)|url\((?!#)|@import""")]
    private static partial Regex ExternalReference();

    [GeneratedRegex(@"\bid=""([^""]*)""")]
    private static partial Regex Id();

    [GeneratedRegex("""(?:url\(#|href="#)([^")]*)""")]
    private static partial Regex Used();
}
