using System.Text.Json;
using Tweedie.Metrics;

namespace Tweedie.Tests.Evaluation.Captions;

/// <summary>The scores equal those of the official coco-caption scorers.</summary>
public sealed class CaptionScoresParityTests
{
    private const double Tolerance = 1e-9;

    [Theory]
    [InlineData("cases")]
    [InlineData("edge")]
    public void Scores_of_a_set_are_the_official_ones(string name)
    {
        var (cases, expected) = MetricsFixture.ReadCases(name);

        var scores = CaptionScores.Of([.. cases.Select(item => item.Tokens)]);

        var statistics = expected.Corpus.BleuStatistics!;
        scores.Bleu.CandidateLength.Should().Be(statistics.Testlen);
        scores.Bleu.ReferenceLength.Should().Be(statistics.Reflen);
        scores.Bleu.Guessed.Should().Equal(statistics.Guess);
        scores.Bleu.Correct.Should().Equal(statistics.Correct);
        scores.Bleu.LengthRatio.Should().BeApproximately(statistics.Ratio, Tolerance);
        for (var n = 1; n <= 4; n++)
            scores.Bleu.Score(n).Should().BeApproximately(expected.Corpus.Bleu[n - 1], Tolerance);
        scores.RougeL.Should().BeApproximately(expected.Corpus.RougeL, Tolerance);
        scores.CiderD.Should().BeApproximately(expected.Corpus.Cider, Tolerance);
    }

    [Theory]
    [InlineData("cases")]
    [InlineData("edge")]
    public void Scores_of_each_image_are_the_official_ones(string name)
    {
        var (cases, expected) = MetricsFixture.ReadCases(name);
        var captions = cases.Select(item => item.Tokens).ToArray();

        var cider = CiderD.Evaluate(captions);

        foreach (var (index, item) in captions.Index())
        {
            var score = expected.PerImage[index];
            var bleu = Bleu.Evaluate([item]);
            for (var n = 1; n <= 4; n++)
                bleu.Score(n).Should().BeApproximately(score.Bleu[n - 1], Tolerance);
            RougeL.Score(item).Should().BeApproximately(score.RougeL, Tolerance);
            cider[index].Should().BeApproximately(score.Cider, Tolerance);
        }
    }

    [Fact]
    public void The_official_example_of_1000_images_gets_its_published_scores()
    {
        using var references = Open("captions_val2014_fakecap_refs.json");
        using var results = Open("captions_val2014_fakecap_results.json");
        var byImage = references.RootElement.GetProperty("annotations").EnumerateArray()
            .ToLookup(item => item.GetProperty("image_id").GetInt64(), Caption);

        var scores = CaptionScores.Of([.. results.RootElement.EnumerateArray()
            .Select(item => TokenizedCaption.Of(Caption(item), byImage[item.GetProperty("image_id").GetInt64()]))]);

        scores.Bleu.CandidateLength.Should().Be(9893);
        scores.Bleu.ReferenceLength.Should().Be(9855);
        scores.Bleu.Guessed.Should().Equal(9893, 8893, 7893, 6893);
        scores.Bleu.Correct.Should().Equal(5732, 2510, 1043, 423);
        scores.Bleu.LengthRatio.Should().BeApproximately(1.00385591071, 1e-10);
        double[] bleu = [.. Enumerable.Range(1, 4).Select(scores.Bleu.Score)];
        bleu.Select(score => Math.Round(score, 4)).Should().Equal(0.5794, 0.4044, 0.2785, 0.1908);
        scores.RougeL.Should().BeApproximately(0.39625, 5e-6);
        Math.Round(scores.CiderD, 3).Should().Be(0.600); // published with three digits
    }

    private static JsonDocument Open(string name) => JsonDocument.Parse(File.ReadAllText(Shared.Path("data/coco-caption-eval/" + name)));

    private static string Caption(JsonElement item) => item.GetProperty("caption").GetString()!;
}
