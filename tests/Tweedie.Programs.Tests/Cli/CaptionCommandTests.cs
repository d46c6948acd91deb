using System.Text.Json;
using Tweedie.Images;

namespace Tweedie.Tests.Cli;

/// <summary>The commands that train, use and evaluate a captioner.</summary>
public sealed class CaptionCommandTests(TinyCaptionModel tiny) : IClassFixture<TinyCaptionModel>
{
    [Fact]
    public void Training_tells_what_it_trains_and_what_the_captions_lose()
    {
        tiny.Trained.ExitCode.Should().Be(0, tiny.Trained.Error);
        tiny.Trained.Output.Should().Contain("tdd captioner of 28 tokens").And.MatchRegex("warning: .*longer than a row of 28 tokens");
    }

    [Fact]
    public void Caption_says_one_sentence_and_traces_every_step()
    {
        var json = CommandLine.Run("caption", "--model", tiny.Model, tiny.Image, "--steps", "6", "--count", "3", "--trace", "--json", "-").Json();

        var image = json.GetProperty("images")[0];
        image.GetProperty("captions").GetArrayLength().Should().Be(3);
        var trace = image.GetProperty("trace").EnumerateArray().ToList();
        trace.Select(step => step.GetProperty("timestep").GetInt32()).Should().HaveCount(6).And.BeInDescendingOrder().And.StartWith(999).And.EndWith(0);
        trace[0].GetProperty("words").EnumerateArray().Should().NotContain(word => word.GetProperty("changed").GetBoolean());
        string.Concat(trace[^1].GetProperty("words").EnumerateArray().Select(word => word.GetProperty("text").GetString()))
            .Replace(" ", "", StringComparison.Ordinal).Should().Be(image.GetProperty("captions")[0].GetString()!.Replace(" ", "", StringComparison.Ordinal));
    }

    [Fact]
    public void Words_that_changed_are_marked()
    {
        var text = CommandLine.Run("caption", "--model", tiny.Model, tiny.Image, "--steps", "6", "--trace", "--to-one", "multinomial");

        text.ExitCode.Should().Be(0, text.Error);
        text.Output.Should().Contain("t= 999").And.MatchRegex(@"t= \d+ .*\*\S+\*");
    }

    [Fact]
    public void Eval_writes_scores_for_every_setting_and_a_results_file_for_one()
    {
        var json = CommandLine.Run("eval", "--model", tiny.Model, "--data", "scenes:count=1,test=8,seed=3", "--steps", "1,4", "--guidance", "1,2", "--json", "-").Json();
        json.GetProperty("samples").GetInt32().Should().Be(8);
        json.GetProperty("results").EnumerateArray().Should().HaveCount(4).And.AllSatisfy(row =>
        {
            row.GetProperty("bleu4").GetDouble().Should().BeInRange(0, 1);
            row.GetProperty("rightMeaning").GetDouble().Should().BeInRange(0, 1);
        });

        var results = Path.Combine(tiny.Folder, "results.json");
        CommandLine.Run("eval", "--model", tiny.Model, "--data", "scenes:count=1,test=8,seed=3", "--steps", "4", "--results", results).ExitCode.Should().Be(0);
        JsonDocument.Parse(File.ReadAllText(Path.ChangeExtension(results, ".origin.json"))).RootElement.GetProperty("origin").GetProperty("data").GetProperty("images").GetInt32().Should().Be(8);
        CocoResults.Load(results).Select(result => result.ImageId).Should().Equal(0, 1, 2, 3, 4, 5, 6, 7);
    }

    [Fact]
    public void Info_counts_the_parameters_of_a_model_and_of_a_config_alike()
    {
        var model = CommandLine.Run("info", "--model", tiny.Model, "--json", "-").Json();
        var config = CommandLine.Run("info", "--config", tiny.ConfigFile, "--json", "-").Json();

        JsonSerializer.Serialize(model.GetProperty("parts")).Should().Be(JsonSerializer.Serialize(config.GetProperty("parts")));
        model.GetProperty("parameters").GetInt64().Should().Be(
            Tweedie.Models.ImageCaptioner.Load(tiny.Model).Network.parameters().Sum(parameter => parameter.numel()));
    }

    [Fact]
    public void Mistakes_are_named()
    {
        CommandLine.Run("eval", "--model", tiny.Model, "--data", "scenes:count=1,test=8", "--steps", "1,4", "--results", "x.json").ShouldBeOneLineError(1, "x.json", "2 settings");
        CommandLine.Run("eval", "--model", tiny.Model, "--data", "scenes:count=1,test=8", "--steps", "1", "--results", "nowhere/x.json").ShouldBeOneLineError(1, "--results", "nowhere");
        CommandLine.Run("eval", "--model", tiny.Model, "--data", "scenes:count=1,test=8", "--draws", "2").ShouldBeOneLineError(2, "--draws", "captioner");
        CommandLine.Run("eval", "--model", tiny.Model, "--data", "nowhere").ShouldBeOneLineError(1, "nowhere", "scenes:");
        CommandLine.Run("eval", "--model", tiny.Model, "--data", "scenes:count=1,test=8", "--churn", "99").ShouldBeOneLineError(1, "error: --churn 99 is out of range: 0 to 10");
        CommandLine.Run("caption", "--model", tiny.Model, tiny.Image, "--steps", "5000").ShouldBeOneLineError(1, "5000", "1000");
        CommandLine.Run("classify", "--model", tiny.Model, tiny.Image).ShouldBeOneLineError(1, "captioner");
        CommandLine.Run("train", "--config", tiny.ConfigFile, "--out", Path.Combine(tiny.Folder, "other"), "--set", "tokenizer.folder=nowhere").ShouldBeOneLineError(1, "nowhere");
        CommandLine.Run("train", "--config", tiny.ConfigFile, "--out", Path.Combine(tiny.Folder, "other"), "--set", "data.train=shapes:count=10").ShouldBeOneLineError(1, "shapes:count=10");
    }

    [Fact]
    public void Captioners_are_compared_image_by_image()
    {
        var same = CommandLine.Run("compare", "--model", tiny.Model, "--model", tiny.Model, "--data", "scenes:count=1,test=8,seed=3", "--steps", "2", "--json", "-");

        same.ExitCode.Should().Be(0, same.Error);
        var comparisons = same.Json().GetProperty("comparisons").EnumerateArray().ToList();
        comparisons.Select(entry => entry.GetProperty("metric").GetString()).Should().Equal("ciderD", "rougeL", "rightMeaning");
        comparisons.Should().OnlyContain(entry => entry.GetProperty("difference").GetDouble() == 0 && entry.GetProperty("pValue").GetDouble() == 1);
        same.Json().GetProperty("models")[0].GetProperty("scores").GetProperty("bleu4").GetDouble().Should().BeInRange(0, 1);
    }
}
