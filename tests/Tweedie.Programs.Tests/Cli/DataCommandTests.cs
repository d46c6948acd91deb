using Tweedie.Tests.Data;
using Tweedie.Tests.Models;

namespace Tweedie.Tests.Cli;

/// <summary>What the commands say about data before they work on them.</summary>
public sealed class DataCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_split_is_called_as_the_folders_of_data_are()
    {
        CommandLine.Run("data", "inspect", "shapes:count=5,val=3,size=16", "--split", "Valid").Output.Should().Contain("3 images");
        CommandLine.Run("data", "inspect", "shapes:count=5,val=3,size=16").Output.Should().Contain("5 images");
        CommandLine.Run("data", "inspect", "shapes", "--split", "holdout").ShouldBeOneLineError(2, "--split: 'holdout'", "train, val, test");
        Write("data/train/ant/1.png", "data/val/ant/1.png");
        CommandLine.Run("features", "--onnx", "x", "--data", Path.Combine(_folder.Path, "data"), "--split", "x").ShouldBeOneLineError(2, "train, val, test");
        CommandLine.Run("data", "inspect", Path.Combine(_folder.Path, "data"), "--split", "val").ShouldBeOneLineError(1, "no validation split", "test split");
    }

    [Fact]
    public void Eval_says_which_classes_are_left_out_and_counts_the_others()
    {
        var model = Path.Combine(_folder.Path, "model");
        using (var classifier = TinyClassifier.Create(TinyClassifier.Linear with { ClassNames = ["Ameise", "Biene", "Kuh"], DataClasses = ["ant", "bee", "cow"] }))
            classifier.Save(model);
        Write("data/bee/1.png", "data/bee/2.png", "data/cow/1.png", "data/yak/1.png", "data/bee/x.heic");

        var result = CommandLine.Run("eval", "--model", model, "--data", Path.Combine(_folder.Path, "data"), "--json", "-");
        result.ExitCode.Should().Be(0, result.Error);
        result.Json().GetProperty("samples").GetInt32().Should().Be(3);
        result.Json().GetProperty("warnings").EnumerateArray().Select(warning => warning.GetString()).Should().HaveCount(4)
            .And.Contain(warning => warning!.Contains("1 of 4 images are left out") && warning.Contains("yak (1)"));
        result.Error.Should().ContainAll("yak (1)", "1 .heic", "no images of 1 of the 3 known classes: ant");

        Directory.Move(Path.Combine(_folder.Path, "data", "bee"), Path.Combine(_folder.Path, "data", "x"));
        Directory.Move(Path.Combine(_folder.Path, "data", "cow"), Path.Combine(_folder.Path, "data", "y"));
        CommandLine.Run("eval", "--model", model, "--data", Path.Combine(_folder.Path, "data")).ShouldBeOneLineError(1, "x, y, yak", "ant, bee, cow");
    }

    [Fact]
    public void Columns_are_named_by_options_where_there_is_no_config()
    {
        var shard = Path.Combine(_folder.Path, "a.parquet");
        SmallShard.Write(shard, "image", true, [("label", [0, 1]), ("class", ["ant", "bee"])]);

        CommandLine.Run("data", "inspect", shard).Output.Should().Contain("2 images, no labels");
        CommandLine.Run("data", "inspect", shard, "--label-column", "class").Output.Should().ContainAll("2 images, 2 classes", "bee");
        CommandLine.Run("data", "inspect", shard, "--label-column", "kind").ShouldBeOneLineError(1, "--label-column = kind", "label, class");
    }

    [Fact]
    public void A_dry_run_refuses_one_class()
    {
        Write("data/ant/1.png", "data/ant/2.png");
        var config = _folder.Write("run.yaml", System.Text.Encoding.UTF8.GetBytes($"data: {{ train: '{Path.Combine(_folder.Path, "data")}' }}"));
        CommandLine.Run("train", "--config", config, "--dry-run").ShouldBeOneLineError(1, "all 2 images are of the class ant", "two classes");
    }

    private void Write(params string[] names)
    {
        foreach (var name in names)
            _folder.Write(name, Encoded.Image(Encoded.Plain(16, 16, 1, 2, 3), ".png"));
    }
}
