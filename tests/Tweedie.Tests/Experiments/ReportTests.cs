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
        html.Should().ContainAll("tweedie reproduce all", "task: classification", "libtorch", "cannot tell", "McNemar p", "Classifiers: 2 seeds", "Data: generated", "Tweedie 0");
        html.Should().Contain($">Scale quick: {tiny.Folder.Path}</h2>", "two reproductions of one scale must differ");
    }

    [Fact]
    public void A_report_without_claims_has_no_table_of_them()
    {
        var (folder, path) = (new ReproductionFolder(tiny.File("no claims")), tiny.File("no-claims.html"));
        Reproduction.Open(folder, TinyReproduction.Study, data: "", "schedule", resume: false).Run([new ScheduleInformation()], TorchSharp.torch.CPU);

        ReportWriter.Write([folder], path);

        File.ReadAllText(path).Should().Contain("r1-schedule").And.NotContain("<table class=\"claims\">").And.NotContain("r1-claims");
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
