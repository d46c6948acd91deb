namespace Tweedie.Tests.Cli;

/// <summary>What a user sees after a mistake: one line that names it, and the right exit code.</summary>
public sealed class MistakeTests(TinyModel tiny) : IClassFixture<TinyModel>
{
    [Fact]
    public void Wrong_usage_exits_with_2()
    {
        CommandLine.RunHere("train").ShouldBeOneLineError(2, "--config");
        CommandLine.RunHere("eval", "--model", tiny.Model, "--data", "x", "--steps", "1,zero").ShouldBeOneLineError(2, "--steps", "zero");
        CommandLine.RunHere("eval", "--model", tiny.Model, "--data", "x", "--results", "x.json").ShouldBeOneLineError(2, "--results", "classifier");
        CommandLine.RunHere("eval", "--model", tiny.Model, "--data", "x", "--unmasking", "ancestral").ShouldBeOneLineError(2, "--unmasking", "classifier");
        CommandLine.RunHere("info").ShouldBeOneLineError(2, "--model", "--config");
        CommandLine.RunHere("eval", "--model", tiny.Model, "--data", "x", "--guidance-schedule", "cubic").ShouldBeOneLineError(2, "cubic", "constant, linear");
        CommandLine.RunHere("trian", "--config", "x").ShouldBeOneLineError(2, "'trian' is not a command", "did you mean train?");
        CommandLine.RunHere("train", "--confg", "x").ShouldBeOneLineError(2, "'--confg' is not an option", "did you mean --config?");
        CommandLine.RunHere("train", "--config", "x", "y").ShouldBeOneLineError(2, "'y' is not an argument");
        CommandLine.RunHere("data").ShouldBeOneLineError(2, "needs a command", "inspect");
        var nested = CommandLine.RunHere("data", "inspect", "x", "--split", "third");
        nested.ShouldBeOneLineError(2, "third", "train, val, test");
        nested.Error.Should().Contain("tweedie data inspect --help");
    }

    [Theory]
    [InlineData("training.epoch=3", "training.epoch", "training.epochs")]
    [InlineData("training.epochs=many", "many")]
    [InlineData("training.epochs=0", "training.epochs", "0")]
    [InlineData("training.batchSize=30 training.accumulation=7", "accumulation", "batchSize")]
    [InlineData("model.encoder.patchSize=5", "patchSize", "imageSize")]
    [InlineData("data.train=nowhere", "nowhere")]
    [InlineData("model.encoder.channels=1", "channel")]
    [InlineData("model.encoder.channels=2", "channels", "1 or 3")]
    [InlineData("training.batchSize=128", "64", "128")]
    [InlineData("model.classNames=[a,b]", "classNames", "2", "10")]
    [InlineData("training.timesteps=logSnrWindow training.logSnrMin=15 training.logSnrMax=16", "15", "16")]
    public void A_mistake_in_a_config_is_named(string changes, params string[] words) =>
        CommandLine.RunHere(["train", "--config", tiny.ConfigFile, "--out", Path.Combine(tiny.Folder, "mistake"), "--set", .. changes.Split(' ')])
            .ShouldBeOneLineError(1, words);

    [Fact]
    public void An_unknown_figure_and_a_folder_without_a_reproduction_are_named()
    {
        CommandLine.RunHere("reproduce", "figure11").ShouldBeOneLineError(1, "figure11", "figure3");
        CommandLine.RunHere("report", "nowhere").ShouldBeOneLineError(1, "nowhere", "tweedie reproduce");
    }

    [Fact]
    public void A_run_is_neither_overwritten_nor_resumed_as_another()
    {
        CommandLine.RunHere("train", "--config", tiny.ConfigFile, "--out", tiny.Run).ShouldBeOneLineError(1, tiny.Run, "--resume");
        CommandLine.RunHere("train", "--config", tiny.ConfigFile, "--out", tiny.Run, "--resume", "--set", "model.encoder.depth=2")
            .ShouldBeOneLineError(1, "depth");
        CommandLine.RunHere("info", "--model", tiny.Model).ExitCode.Should().Be(0);
    }

    [Fact]
    public void A_model_folder_that_does_not_fit_is_named()
    {
        CommandLine.RunHere("eval", "--model", "nowhere", "--data", "shapes:count=8").ShouldBeOneLineError(1, "nowhere");

        var copy = Directory.CreateDirectory(Path.Combine(tiny.Folder, "misfit")).FullName;
        File.Copy(Path.Combine(tiny.Model, "model.safetensors"), Path.Combine(copy, "model.safetensors"));
        File.WriteAllText(Path.Combine(copy, "config.json"),
            File.ReadAllText(Path.Combine(tiny.Model, "config.json")).Replace("\"patchSize\": 8", "\"patchSize\": 4", StringComparison.Ordinal));
        CommandLine.RunHere("classify", "--model", copy, tiny.Image).ShouldBeOneLineError(1, "model.safetensors", "pos_embed");
    }

    [Fact]
    public void An_unreadable_image_is_named()
    {
        var file = Path.Combine(tiny.Folder, "text.jpg");
        File.WriteAllText(file, "not an image");
        CommandLine.RunHere("classify", "--model", tiny.Model, file).ShouldBeOneLineError(1, "text.jpg");
        CommandLine.RunHere("classify", "--model", tiny.Model, "absent.png").ShouldBeOneLineError(1, "absent.png");
        CommandLine.RunHere("classify", "--model", tiny.Model, tiny.Image, "absent.png").ShouldBeOneLineError(1, "absent.png");
        CommandLine.RunHere("classify", "--model", tiny.Model, tiny.Image, "--top", "1.5").ShouldBeOneLineError(2, "--top", "1.5", "whole number");
        CommandLine.RunHere("classify", "--model", tiny.Model, tiny.Image, "--top", "0").ShouldBeOneLineError(2, "--top", "at least 1");
        CommandLine.RunHere("classify", "--model", tiny.Model, tiny.Image, "--guidance", "much").ShouldBeOneLineError(2, "--guidance", "much", "not a number");
        CommandLine.RunHere("classify", "--model", tiny.Model, tiny.Image, "--guidance", "1,5").ShouldBeOneLineError(2, "--guidance", "'1,5'", "with a point");
        CommandLine.RunHere("classify", "--model", tiny.Model, tiny.Image, "--steps", "1,000").ShouldBeOneLineError(2, "--steps", "'1,000'", "not a whole number");
        CommandLine.RunHere("classify", "--model", tiny.Model, tiny.Image, "--seed", "9999999999999999999").ShouldBeOneLineError(2, "--seed", "not a whole number");
        CommandLine.RunHere("reproduce", "table1", "--jobs", "two").ShouldBeOneLineError(2, "--jobs", "two", "not a whole number");
        CommandLine.RunHere("classify", "--model", tiny.Model, tiny.Image, "--stepps", "3").ShouldBeOneLineError(2, "--stepps", "did you mean --steps?");
    }

    [Fact]
    public void Info_without_the_configs_data_names_the_way_out()
    {
        var config = Path.Combine(tiny.Folder, "elsewhere.yaml");
        File.WriteAllText(config, File.ReadAllText(tiny.ConfigFile).Replace("shapes:count=64,test=32,size=16,seed=3", "nowhere", StringComparison.Ordinal));

        CommandLine.RunHere("info", "--config", config).ShouldBeOneLineError(1, "nowhere", "--classes K");
        CommandLine.RunHere("info", "--config", config, "--classes", "10").ExitCode.Should().Be(0);
    }

    [Fact]
    public void Settings_out_of_range_are_named()
    {
        CommandLine.RunHere("classify", "--model", tiny.Model, tiny.Image, "--steps", "5000").ShouldBeOneLineError(1, "5000", "1000");
        CommandLine.RunHere("classify", "--model", tiny.Model, tiny.Image, "--device", "tpu").ShouldBeOneLineError(1, "--device: 'tpu'", "cuda");
        CommandLine.RunHere("eval", "--model", tiny.Model, "--data", "shapes:count=8", "--json", "nowhere/result.json").ShouldBeOneLineError(1, "nowhere");
        CommandLine.RunHere("data", "inspect", "shapes:count=8", "--out", "nowhere/grid.png").ShouldBeOneLineError(1, "--out", "nowhere");
        var steps = CommandLine.RunHere("eval", "--model", tiny.Model, "--data", "shapes:count=8", "--steps", "1,2000");
        steps.ShouldBeOneLineError(1, "2000", "1000");
        steps.Output.Should().NotContain("encoded");
        CommandLine.RunHere("eval", "--model", tiny.Model, "--data", "shapes:count=8", "--draws", "0").ShouldBeOneLineError(2, "--draws", "0");
    }

    [Fact]
    public void What_is_missing_is_said_with_its_meaning()
    {
        CommandLine.RunHere("classify", "--model", tiny.Model).ShouldBeOneLineError(2, "tweedie classify needs IMAGE: Image files, folders of images");
        CommandLine.RunHere("eval", "--model", tiny.Model).ShouldBeOneLineError(2, "tweedie eval needs --data: A data file or folder");
    }

    [Fact]
    public void An_option_that_has_nothing_to_act_on_is_refused()
    {
        const string data = "shapes:count=8,size=16";
        CommandLine.RunHere("eval", "--model", tiny.Model, "--data", data, "--label-column", "x").ShouldBeOneLineError(1, data, "--label-column = x", "Parquet");
        CommandLine.RunHere("eval", "--model", tiny.Model, "--data", data, "--caption-column", "x").ShouldBeOneLineError(2, "--caption-column", "classifier");
        CommandLine.RunHere("data", "inspect", "scenes:count=8", "--caption-column", "x").ShouldBeOneLineError(1, "--caption-column = x", "Parquet");
        CommandLine.RunHere("info", "--model", tiny.Model, "--classes", "5").ShouldBeOneLineError(2, "--classes", "--config");
        CommandLine.RunHere("score", "--results", "a", "--references", "b", "--prompt", "A photo").ShouldBeOneLineError(2, "--prompt", "--clip");
        CommandLine.RunHere("score", "--results", "a", "--references", "b", "--device", "cpu").ShouldBeOneLineError(2, "--device", "--clip");
    }

    [Theory]
    [InlineData("data.labelColumn=x", "data.labelColumn = x", "Parquet")]
    [InlineData("data.captionColumn=x", "data.captionColumn = x", "task = classification")]
    [InlineData("evaluation.metric=top1", "evaluation.metric = top1", "data.holdout")]
    [InlineData("evaluation.metric=ciderD data.holdout=16", "evaluation.metric = ciderD", "top1.1steps.last", "validationLoss")]
    [InlineData("evaluation.metric=top1.7steps.last data.holdout=16", "evaluation.metric = top1.7steps.last", "top1.1steps.last")]
    public void A_dry_run_refuses_what_the_training_would_stumble_over(string changes, params string[] words) =>
        CommandLine.RunHere(["train", "--config", tiny.ConfigFile, "--out", Path.Combine(tiny.Folder, "dry"), "--dry-run", "--set", .. changes.Split(' ')])
            .ShouldBeOneLineError(1, words);

    [Fact]
    public void A_file_in_place_of_the_reports_folder_is_named_before_the_work()
    {
        var result = CommandLine.RunHere("eval", "--model", tiny.Model, "--data", "shapes:count=8,size=16", "--report", tiny.Image);
        result.ShouldBeOneLineError(1, "--report", tiny.Image, "is a file");
        result.Output.Should().BeEmpty();
    }
}
