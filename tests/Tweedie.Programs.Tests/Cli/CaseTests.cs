
namespace Tweedie.Tests.Cli;

/// <summary>Situations from public reports whose answer a command gives; those that reading data answers are in <c>DataCaseTests</c>.</summary>
public sealed class CaseTests
{
    [Theory]
    [InlineData("res_curly.json")]
    [InlineData("res_ascii.json")]
    public void Captions_score_the_same_whatever_their_quotation_marks(string results)
    {
        var json = CommandLine.Run("score", "--results", Shared.Path($"cases/13-ptb-quotes/{results}"), "--references", Shared.Path("cases/13-ptb-quotes/ref.json"), "--json", "-").Json();

        json.GetProperty("bleu").EnumerateArray().Select(score => score.GetDouble()).Should().AllSatisfy(score => score.Should().BeApproximately(1, 1e-6));
        json.GetProperty("ciderD").GetDouble().Should().BeApproximately(4.6815, 5e-5);
    }

    [Theory]
    [InlineData("--dry-run")]
    [InlineData("--max-time", "60s")]
    public void A_classifier_of_one_class_is_refused_before_the_first_step(params string[] options)
    {
        using var folder = new TemporaryFolder();
        var config = Path.Combine(folder.Path, "config.yaml");
        File.WriteAllText(config, $"data: {{ train: '{Shared.Path("cases/42-one-class/d")}' }}\n");

        CommandLine.Run(["train", "--config", config, "--out", Path.Combine(folder.Path, "run"), .. options]).ShouldBeOneLineError(1, "two");
        Directory.Exists(Path.Combine(folder.Path, "run")).Should().BeFalse();
    }
}
