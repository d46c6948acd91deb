using Tweedie.Experiments;
using Tweedie.Experiments.Exhibits;
using Tweedie.Experiments.Paper;
using Tweedie.Experiments.Report;
using Tweedie.Experiments.Statistics;
using Tweedie.Models;
using Tweedie.Training;

namespace Tweedie.Tests.Experiments;

/// <summary>The list of the paper's claims, and the page that answers them.</summary>
[Collection(SharedReproduction.Name)]
public sealed class ClaimTests(TinyReproduction tiny)
{
    private IEnumerable<Exhibit> Exhibits => PaperExperiments.All.Select(experiment => ExperimentJson.Read<Exhibit>(tiny.Folder.Exhibit(experiment.Name)));

    [Fact]
    public void Each_claim_of_the_paper_has_a_test_or_a_reason()
    {
        var exhibits = PaperExperiments.All.Select(experiment => experiment.Name).ToList();

        PaperClaims.All.Select(claim => claim.Number).Should().OnlyHaveUniqueItems();
        PaperClaims.All.Should().AllSatisfy(claim =>
        {
            claim.Exhibits.Should().BeSubsetOf(exhibits, claim.Number);
            (claim.Exhibits.Count > 0 || claim.Reason is not null).Should().BeTrue(claim.Number);
        });
    }

    [Fact]
    public void What_exhibits_measure_belongs_to_a_claim_that_names_them()
    {
        foreach (var exhibit in Exhibits)
            foreach (var number in exhibit.Claims.Select(claim => claim.Number).OfType<string>().Concat(exhibit.Findings.Select(finding => finding.Number)))
                PaperClaims.All.Single(claim => claim.Number == number).Exhibits.Should().Contain(exhibit.Name, number);
    }

    [Fact]
    public void The_page_has_a_line_and_a_section_for_each_claim()
    {
        var path = tiny.File("claims.md");

        ClaimsPage.Write([tiny.Folder], path);

        var page = File.ReadAllText(path);
        foreach (var claim in PaperClaims.All)
            page.Should().Contain($"| {claim.Number} | {claim.Statement}").And.Contain($"### {claim.Number}. {claim.Statement}");
        page.Should().ContainAll("**not tested**", "**cannot tell**", "`tweedie reproduce table1 --scale quick`", "at least 3 seeds");
        FluentActions.Invoking(() => ClaimsPage.Write([new ReproductionFolder("nowhere")], path)).Should().Throw<TweedieException>().WithMessage("nowhere*tweedie reproduce*");
    }

    [Fact]
    public void Tweedies_identity_holds_and_argmax_leaves_it()
    {
        var exhibit = ExperimentJson.Read<Exhibit>(tiny.Folder.Exhibit("tweedie"));

        exhibit.Findings.Select(finding => (finding.Number, finding.Verdict)).Should().Equal(("1", Verdict.Holds), ("2", Verdict.DoesNotHold));
        var loops = exhibit.Tables[1].Rows.ToDictionary(row => (row[0].StartsWith("argmax", StringComparison.Ordinal), row[1]), row => double.Parse(row[3], System.Globalization.CultureInfo.InvariantCulture));
        loops[(false, "20")].Should().BeLessThan(0.02, "a draw re-noised is exact for one token");
        loops[(true, "20")].Should().BeInRange(0.08, 0.13, "the shares were found to be .70/.25/.05 elsewhere too");
    }

    [Theory]
    [InlineData(ScaleKind.Features)]
    [InlineData(ScaleKind.Convergence)]
    public void The_mlp_has_as_many_parameters_as_the_head_of_tdd(ScaleKind scale)
    {
        foreach (var benchmark in Studies.Create(scale, "nowhere").Benchmarks)
        {
            long Parameters(Arm arm)
            {
                var model = benchmark.For(arm, seed: 1).Model with { ClassNames = [.. Enumerable.Range(0, 10).Select(label => $"{label}")] };
                return ModelCost.Of(model.Frozen is null ? model : model with { Features = new FrozenFeatures { Tokens = 1, Width = 512, Fingerprint = "0" } }).Sum(part => part.Parameters);
            }
            ((double)Parameters(Arm.Mlp) / Parameters(Arm.NoCoefficient)).Should().BeApproximately(1, 0.002, benchmark.Title);
        }
    }

    [Fact]
    public void The_correlation_of_scenes_is_what_the_generator_says()
    {
        var study = Studies.Create(ScaleKind.Iterating, "");

        // 4·(3 + ½·(log2 5 + log2 8 + 1)) − (log2 3 + (2 + log2 6 + 2)/3 + 2·(log2 5 + log2 8 + 1)), for 8 colours: what is left is which quarters are empty
        var empty = Math.Log2(3) + (2 + Math.Log2(6) + 2) / 3;
        study.Rows.Single(rows => rows.Name == "attributes").Correlation.Should().BeApproximately(12 - empty, 1e-9);
        study.Rows.Single(rows => rows.Name == "sudoku4").Correlation.Should().BeApproximately(23.83, 0.01);
    }

    [Fact]
    public void The_noise_only_control_of_puzzles_feeds_nothing_back() =>
        Studies.Create(ScaleKind.Iterating, "").Rows.Select(rows => rows.Run).OfType<TokensRun>().Should().HaveCount(2)
            .And.AllSatisfy(run => run.Model.Denoiser.SelfConditioning.Should().BeFalse());
}
