using Tweedie.Models;
using Tweedie.Tests.Models;

namespace Tweedie.Tests.Cli;

public sealed class CompareCommandTests(TinyModel tiny) : IClassFixture<TinyModel>
{
    private const string Data = "shapes:count=8,test=40,size=16,seed=3";

    [Fact]
    public void Models_are_compared_on_the_same_images_with_evals_scores()
    {
        var linear = Path.Combine(tiny.Folder, "linear");
        CommandLine.Run("train", "--config", tiny.ConfigFile, "--out", linear, "--set", "model.method=linear").ExitCode.Should().Be(0);
        var checkpoint = Path.Combine(tiny.Run, "checkpoints", "step-000002");

        var compared = CommandLine.Run("compare", "--model", tiny.Run, "--model", linear, "--model", checkpoint, "--data", Data, "--steps", "2", "--json", "-");

        compared.ExitCode.Should().Be(0, compared.Error);
        compared.Error.Should().ContainAll("40 images of shapes", tiny.Run, linear, "95 % interval", "McNemar", "the more pairs");
        var json = compared.Json();
        json.GetProperty("samples").GetInt32().Should().Be(40);
        var models = json.GetProperty("models").EnumerateArray().ToList();
        models.Should().HaveCount(3);
        models.ConvertAll(model => model.GetProperty("origin").GetProperty("weights").GetString()).Should().OnlyHaveUniqueItems().And.Contain($"sha256:{ModelFolder.HashOf(tiny.Run)}");
        var origin = json.GetProperty("origin");
        (origin.GetProperty("data").GetProperty("images").GetInt32(), origin.GetProperty("precision").GetString(), origin.GetProperty("device").GetString()).Should().Be((40, "f32", "cpu"));
        origin.GetProperty("host").GetProperty("libtorch").GetString().Should().NotBeEmpty();
        var first = CommandLine.Run("eval", "--model", tiny.Run, "--data", Data, "--steps", "2", "--decode", "consensus", "--json", "-").Json().GetProperty("results")[0];
        var scores = models.ConvertAll(model => model.GetProperty("scores").GetProperty("top1").GetDouble());
        scores[0].Should().Be(first.GetProperty("top1").GetDouble());
        var comparisons = json.GetProperty("comparisons").EnumerateArray().ToList();
        comparisons.Should().HaveCount(3);
        comparisons[0].GetProperty("difference").GetDouble().Should().BeApproximately(scores[1] - scores[0], 1e-9);
        comparisons[0].GetProperty("pValue").GetDouble().Should().BeInRange(0, 1);
    }

    [Theory]
    [InlineData(null, 1.7)]
    [InlineData("1.2", 1.2)]
    public void Models_are_sampled_as_they_say_themselves_where_nothing_is_typed(string? typed, double expected)
    {
        var folder = Path.Combine(tiny.Folder, "captioner");
        using (var captioner = TinyCaptioner.Create(TinyCaptioner.Options with { Sampling = new() { Steps = 2, Guidance = 1.7 } }))
            captioner.Save(folder);
        string[] guidance = typed is null ? [] : ["--guidance", typed];

        var compared = CommandLine.Run(["compare", "--model", folder, "--model", folder, "--data", "scenes:count=1,test=4", "--json", "-", .. guidance]);

        compared.ExitCode.Should().Be(0, compared.Error);
        var sampling = compared.Json().GetProperty("models")[0].GetProperty("sampling");
        (sampling.GetProperty("guidance").GetDouble(), sampling.GetProperty("steps").GetInt32()).Should().Be((expected, 2));
    }

    [Fact]
    public void Models_that_cannot_be_compared_are_named()
    {
        CommandLine.Run("compare", "--model", tiny.Run, "--data", Data).ShouldBeOneLineError(2, "--model", "two or more");
        CommandLine.Run("compare", "--model", tiny.Run, "--model", "nowhere", "--data", Data).ShouldBeOneLineError(1, "nowhere");
        var other = Path.Combine(tiny.Folder, "other-classes");
        CommandLine.Run("train", "--config", tiny.ConfigFile, "--out", other, "--set", "model.classNames=[a,b,c,d,e,f,g,h,i,j]").ExitCode.Should().Be(0);
        CommandLine.Run("compare", "--model", tiny.Run, "--model", other, "--data", Data).ShouldBeOneLineError(1, "its class 0 is a", tiny.Run, "same classes");
        CommandLine.Run("compare", "--model", tiny.Run, "--model", tiny.Run, "--data", Data, "--steps", "5000").ShouldBeOneLineError(1, "--steps", "5000");
    }
}
