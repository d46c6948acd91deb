using Tweedie.Formats;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Tests.Models.Clip;
using Tweedie.Tests.Networks;

namespace Tweedie.Tests.Cli;

public sealed class ScoreCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Write(string name, string json)
    {
        File.WriteAllText(_folder.File(name), json);
        return _folder.File(name);
    }

    [Fact]
    public void The_official_example_gets_its_published_scores()
    {
        var score = CommandLine.Run("score", "--results", Shared.Path("data/coco-caption-eval/captions_val2014_fakecap_results.json"),
            "--references", Shared.Path("data/coco-caption-eval/captions_val2014_fakecap_refs.json"), "--json", "-");

        score.ExitCode.Should().Be(0, score.Error);
        var json = score.Json();
        json.GetProperty("captions").GetInt32().Should().Be(1000);
        var statistics = json.GetProperty("bleuStatistics");
        (statistics.GetProperty("candidateLength").GetInt64(), statistics.GetProperty("referenceLength").GetInt64()).Should().Be((9893, 9855));
        statistics.GetProperty("guessed").EnumerateArray().Select(count => count.GetInt64()).Should().Equal(9893, 8893, 7893, 6893);
        statistics.GetProperty("correct").EnumerateArray().Select(count => count.GetInt64()).Should().Equal(5732, 2510, 1043, 423);
        json.GetProperty("bleu").EnumerateArray().Select(value => Math.Round(value.GetDouble(), 4)).Should().Equal(0.5794, 0.4044, 0.2785, 0.1908);
        json.GetProperty("rougeL").GetDouble().Should().BeApproximately(0.39625, 5e-6);
        Math.Round(json.GetProperty("ciderD").GetDouble(), 3).Should().Be(0.600); // published with three digits
    }

    [Fact]
    public void A_clip_adds_its_score_its_folder_and_its_weights_hash()
    {
        var clip = Directory.CreateDirectory(_folder.File("clip")).FullName;
        using (var model = TinyClip.Create())
            model.Save(clip);
        foreach (var index in (int[])[1, 2])
            ImageWriter.Save(new ShapeSource(3, 16).Read(index), _folder.File($"{index}.png"));
        var references = Write("references.json", """
            {"images": [{"id": 1, "file_name": "1.png"}, {"id": 2, "file_name": "2.png"}, {"id": 3, "file_name": "3.png"}],
             "annotations": [{"image_id": 1, "caption": "a red dog"}, {"image_id": 2, "caption": "the blue cat"}]}
            """);
        var results = Write("results.json", """[{"image_id": 2, "caption": "blue cat"}, {"image_id": 1, "caption": "red dog"}, {"image_id": 3, "caption": "cat"}]""");

        var score = CommandLine.Run("score", "--results", results, "--references", references, "--clip", clip, "--images", _folder.Path, "--json", "-");

        score.ExitCode.Should().Be(0, score.Error);
        score.Error.Should().Contain("warning: 1 captions left out");
        var json = score.Json().GetProperty("clip");
        var origin = score.Json().GetProperty("origin");
        origin.GetProperty("model").GetProperty("weights").GetString().Should().Be(json.GetProperty("weights").GetString());
        origin.GetProperty("data").GetProperty("path").GetString().Should().Be(_folder.Path);
        score.Json().GetProperty("results").GetString().Should().Be(results);
        json.GetProperty("model").GetString().Should().Be(clip);
        json.GetProperty("weights").GetString().Should().StartWith("sha256:").And.HaveLength(7 + 64);
        json.GetProperty("score").GetProperty("captions").GetProperty("cosine").GetDouble().Should().BeInRange(-1, 1);

        File.Delete(_folder.File("2.png"));
        CommandLine.Run("score", "--results", results, "--references", references, "--clip", clip, "--images", _folder.Path)
            .ShouldBeOneLineError(1, "1 of 2 images are missing", "2.png");
    }

    [Fact]
    public void Info_describes_a_clip_and_an_imported_encoder()
    {
        var weights = Path.Combine(VitFixture.Folder, "token.weights.safetensors");
        using var scope = TorchSharp.torch.NewDisposeScope();
        var parameters = SafeTensors.Load(weights).Where(pair => !pair.Key.StartsWith("head.", StringComparison.Ordinal)).Sum(pair => pair.Value.numel());
        using (var model = TinyClip.Create())
            model.Save(_folder.File("clip"));
        using (var encoder = VitImport.Load(weights, heads: VitFixture.Options("token").Heads))
            encoder.Save(_folder.File("encoder"));

        CommandLine.Run("info", "--model", _folder.File("clip")).Output.Should().Contain("CLIP, 6 tokens among 9, images 3x16x16").And.Contain("text tower");
        CommandLine.Run("info", "--model", _folder.File("encoder"), "--json", "-").Json().GetProperty("parameters").GetInt64().Should().Be(parameters);
    }

    [Fact]
    public void A_CIDErD_of_one_image_is_said_to_be_0_by_definition()
    {
        var references = Write("references.json", """{"images": [{"id": 1, "file_name": "1.png"}, {"id": 2, "file_name": "2.png"}], "annotations": [{"image_id": 1, "caption": "a dog"}, {"image_id": 2, "caption": "a cat"}]}""");
        var one = Write("one.json", """[{"image_id": 1, "caption": "a dog"}]""");
        var two = Write("two.json", """[{"image_id": 1, "caption": "a dog"}, {"image_id": 2, "caption": "a cat"}]""");

        var score = CommandLine.Run("score", "--results", one, "--references", references, "--json", "-");

        score.Json().GetProperty("ciderD").GetDouble().Should().Be(0);
        score.Json().GetProperty("note").GetString().Should().Contain("0 by definition");
        CommandLine.Run("score", "--results", one, "--references", references).Output.ReplaceLineEndings(" ").Should().Contain("note: CIDEr-D of one image");
        CommandLine.Run("score", "--results", two, "--references", references, "--json", "-").Json().TryGetProperty("note", out _).Should().BeFalse();
    }

    [Fact]
    public void Mistakes_are_named()
    {
        var references = Write("references.json", """{"images": [{"id": 1, "file_name": "1.png"}], "annotations": [{"image_id": 1, "caption": "x"}]}""");
        var broken = Write("broken.json", "[{\"image_id\": 1,\n  \"caption\" \"a\"}]");
        var unknown = Write("unknown.json", """[{"image_id": 9, "caption": "a"}]""");

        CommandLine.Run("score", "--results", broken, "--references", references).ShouldBeOneLineError(1, broken, "line 2, column 13");
        CommandLine.Run("score", "--results", unknown, "--references", references).ShouldBeOneLineError(1, references, "image_id 9");
        CommandLine.Run("score", "--results", unknown, "--references", references, "--clip", "x").ShouldBeOneLineError(2, "--clip", "--images");
        CommandLine.Run("score", "--results", "no.json", "--references", references).ShouldBeOneLineError(1, "no.json");
    }

    [Fact]
    public void Import_writes_an_encoder_folder()
    {
        var (weights, size) = (Path.Combine(VitFixture.Folder, "token.weights.safetensors"), VitFixture.Options("token"));
        string[] means = [.. Enumerable.Range(1, size.Channels).Select(channel => $"0.{channel}")];

        var import = CommandLine.Run("import", "vit", weights, "--out", _folder.File("encoder"), "--heads", $"{size.Heads}", "--mean", string.Join(',', means));

        import.ExitCode.Should().Be(0, import.Error);
        import.Output.Should().Contain($"{size.Heads} heads").And.Contain($"mean [{string.Join(", ", means)}]");
        File.Exists(_folder.File("encoder/model.safetensors")).Should().BeTrue();
        Tweedie.Models.ModelCard.Read(_folder.File("encoder"))!.Origin.Should().Be("token.weights.safetensors");
        CommandLine.Run("import", "vit", weights, "--out", _folder.File("other"), "--heads", $"{size.Width - 1}").ShouldBeOneLineError(1, "encoder.heads");
    }
}
