using System.Text.Json;

namespace Tweedie.Tests.Cli;

/// <summary>The commands that train, use and evaluate a captioner that writes token by token.</summary>
public sealed class AutoregressiveCommandTests(TinyAutoregressiveModel tiny, TinyCaptionModel diffusion) : IClassFixture<TinyAutoregressiveModel>, IClassFixture<TinyCaptionModel>
{
    private const string Data = "scenes:count=1,test=8,seed=3";

    [Fact]
    public void Training_tells_what_it_trains_and_keeps_its_loss()
    {
        tiny.Trained.ExitCode.Should().Be(0, tiny.Trained.Error);
        tiny.Trained.Output.Should().Contain("ar captioner of 28 tokens");
        File.ReadAllText(Path.Combine(tiny.Folder, "run", "metrics.jsonl")).Should().Contain("ciderD.28steps.last");
    }

    [Fact]
    public void Caption_writes_one_more_token_per_step()
    {
        var json = CommandLine.Run("caption", "--model", tiny.Model, tiny.Image, "--guidance", "1.5", "--trace", "--json", "-").Json();

        json.GetProperty("settings").GetProperty("steps").GetInt32().Should().Be(28);
        var image = json.GetProperty("images")[0];
        var trace = image.GetProperty("trace").EnumerateArray().ToList();
        trace.Select(step => step.GetProperty("step").GetInt32()).Should().Equal(Enumerable.Range(1, trace.Count));
        trace.Select(step => step.GetProperty("words").GetArrayLength()).Should().BeInAscendingOrder();
        trace.SelectMany(step => step.GetProperty("words").EnumerateArray()).Should().NotContain(word => word.GetProperty("hidden").GetBoolean(), "there are no guesses");
    }

    [Theory]
    [InlineData("--beams", "3")]
    [InlineData("--to-one", "multinomial", "--count", "3", "--temperature", "0.7", "--top-p", "0.9")]
    public void Caption_takes_the_options_of_its_sampling(params string[] options)
    {
        var result = CommandLine.Run(["caption", "--model", tiny.Model, tiny.Image, .. options]);

        result.ExitCode.Should().Be(0, result.Error);
        result.Output.Split('\n').Should().HaveCount(options.Contains("--count") ? 5 : 3);
    }

    [Fact]
    public void Eval_measures_every_setting()
    {
        var json = CommandLine.Run("eval", "--model", tiny.Model, "--data", Data, "--guidance", "1,2", "--beams", "1,2", "--json", "-").Json();
        json.GetProperty("results").EnumerateArray().Select(row => (row.GetProperty("steps").GetInt32(), row.GetProperty("beams").GetInt32())).Should().Equal((28, 1), (28, 2), (28, 1), (28, 2));

        var drawn = CommandLine.Run("eval", "--model", tiny.Model, "--data", Data, "--to-one", "multinomial", "--temperature", "0.5,1", "--top-p", "0.9,1");
        drawn.ExitCode.Should().Be(0, drawn.Error);
        drawn.Output.Should().Contain("temperature 0.5").And.Contain("top-p 0.9");

        var results = Path.Combine(tiny.Folder, "results.json");
        CommandLine.Run("eval", "--model", tiny.Model, "--data", Data, "--results", results).ExitCode.Should().Be(0);
        CommandLine.Run("eval", "--model", tiny.Model, "--data", Data, "--beams", "1,2", "--results", results).ShouldBeOneLineError(1, "2 settings");
    }

    [Fact]
    public void It_is_compared_with_other_captioners()
    {
        var two = CommandLine.Run("compare", "--model", diffusion.Model, "--model", tiny.Model, "--data", Data, "--steps", "2", "--json", "-");

        two.ExitCode.Should().Be(0, two.Error);
        two.Json().GetProperty("models").EnumerateArray().Select(model => model.GetProperty("sampling").GetProperty("steps").GetInt32()).Should().Equal(2, 28);
        CommandLine.Run("compare", "--model", tiny.Model, "--model", tiny.Model, "--data", Data, "--steps", "2").ShouldBeOneLineError(2, "--steps", "ar");
    }

    [Fact]
    public void Info_counts_the_parameters_of_a_model_and_of_a_config_alike()
    {
        var model = CommandLine.Run("info", "--model", tiny.Model, "--json", "-").Json();
        var config = CommandLine.Run("info", "--config", tiny.ConfigFile, "--json", "-").Json();

        model.GetProperty("method").GetString().Should().Be("ar");
        JsonSerializer.Serialize(model.GetProperty("parts")).Should().Be(JsonSerializer.Serialize(config.GetProperty("parts")));
    }

    [Fact]
    public void Mistakes_are_named()
    {
        Caption("--steps", "5").ShouldBeOneLineError(1, "--steps 5", "leave it out");
        Caption("--beams", "0").ShouldBeOneLineError(2, "--beams");
        Caption("--beams", "101").ShouldBeOneLineError(1, "--beams", "100");
        Caption("--beams", "2", "--count", "2").ShouldBeOneLineError(1, "--beams 2", "draws");
        Caption("--beams", "2", "--to-one", "multinomial").ShouldBeOneLineError(1, "--beams 2", "multinomial");
        Caption("--count", "2").ShouldBeOneLineError(1, "--count 2", "multinomial");
        Caption("--temperature", "0.5").ShouldBeOneLineError(1, "--temperature 0.5", "multinomial");
        Caption("--top-p", "0.5").ShouldBeOneLineError(1, "--top-p 0.5", "multinomial");
        Caption("--to-one", "multinomial", "--top-p", "0").ShouldBeOneLineError(1, "--top-p", "more than 0");
        Caption("--to-one", "multinomial", "--temperature", "0").ShouldBeOneLineError(1, "--temperature", "0.001");
        Caption("--stop-when-stable", "2").ShouldBeOneLineError(1, "--stop-when-stable");
        Caption("--unmasking", "ancestral").ShouldBeOneLineError(1, "--unmasking");
        CommandLine.Run("caption", "--model", diffusion.Model, diffusion.Image, "--beams", "2").ShouldBeOneLineError(1, "--beams 2", "(ar)");
        CommandLine.Run("eval", "--model", tiny.Model, "--data", Data, "--steps", "5").ShouldBeOneLineError(1, "--steps", "leave it out");
        CommandLine.Run("eval", "--model", tiny.Model, "--data", Data, "--control").ShouldBeOneLineError(1, "--control");
        CommandLine.Run("eval", "--model", tiny.Model, "--data", Data, "--decode", "consensus").ShouldBeOneLineError(1, "--decode");
        CommandLine.Run("train", "--config", tiny.ConfigFile, "--out", Path.Combine(tiny.Folder, "other"), "--set", "training.reuse=2").ShouldBeOneLineError(1, "training.reuse = 2");
        CommandLine.Run("train", "--config", tiny.ConfigFile, "--out", Path.Combine(tiny.Folder, "other"), "--set", "evaluation.steps=[2]").ShouldBeOneLineError(1, "evaluation.steps");

        CommandLineResult Caption(params string[] options) => CommandLine.Run(["caption", "--model", tiny.Model, tiny.Image, .. options]);
    }
}
