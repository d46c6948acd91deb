using Tweedie.Images;

namespace Tweedie.Tests.Cli;

/// <summary>The commands that explain configs and write the first one for data.</summary>
public sealed class ConfigCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Config_explains_a_key_a_section_and_all()
    {
        var key = CommandLine.Run("config", "training.epochs").Output;
        key.Should().Contain("training.epochs (classification, clip)").And.Contain("default 500").And.Contain("default 30").And.Contain("Passes over the training images.");

        var section = CommandLine.Run("config", "training", "--task", "clip").Output.Split('\n').Where(line => line.StartsWith("training", StringComparison.Ordinal)).ToList();
        section.Should().Contain("training.batchSize").And.OnlyContain(line => line == "training" || line.StartsWith("training.", StringComparison.Ordinal));

        CommandLine.Run("config").Output.Should().Contain("encoderFrom (annotation, caption, classification)").And.Contain("data.train (annotation, caption, classification, clip)\n").And.NotContain(" \n");
    }

    [Fact]
    public void Config_writes_a_schema_and_says_how_an_editor_finds_it()
    {
        var written = CommandLine.Run("config", "--schema", _folder.File("tweedie.schema.json"));

        written.Output.Should().Contain("# yaml-language-server: $schema=tweedie.schema.json");
        File.ReadAllText(_folder.File("tweedie.schema.json")).Should().Be(CommandLine.Run("config", "--schema", "-").Output);
    }

    [Fact]
    public void Mistakes_are_named_with_what_was_meant()
    {
        CommandLine.Run("config", "epochs").ShouldBeOneLineError(1, "epochs", "did you mean training.epochs?");
        CommandLine.Run("config", "traning.epochs").ShouldBeOneLineError(1, "did you mean training.epochs?");
        CommandLine.Run("config", "--task", "captoin").ShouldBeOneLineError(1, "did you mean caption?");
        CommandLine.Run("config", "--schema", _folder.File("nowhere/x.json")).ShouldBeOneLineError(1, "--schema", "nowhere");
    }

    [Fact]
    public void A_run_of_a_config_with_a_relative_path_is_resumed_from_its_own_config()
    {
        WritePhotos(24, 16);
        Directory.CreateDirectory(_folder.File("configs"));
        File.WriteAllText(_folder.File("configs/run.yaml"), """
            data: { train: ../photos, workers: 0 }
            model: { encoder: { imageSize: 16, patchSize: 8, width: 16, depth: 1, heads: 2 }, denoiser: { width: 16, depth: 1, heads: 2 } }
            training: { epochs: 1, batchSize: 8, warmupEpochs: 0 }
            """);
        var run = _folder.File("run");

        CommandLine.Run("train", "--config", _folder.File("configs/run.yaml"), "--out", run).ExitCode.Should().Be(0);
        var resumed = CommandLine.Run("train", "--config", Path.Combine(run, "config.yaml"), "--out", run, "--resume");

        resumed.ExitCode.Should().Be(0, resumed.Error);
        File.ReadAllText(Path.Combine(run, "config.yaml")).Should().Contain(_folder.File("photos"));
        CommandLine.Run("train", "--config", _folder.File("configs/run.yaml"), "--out", _folder.File("other"), "--set", "data.train=nowhere")
            .ShouldBeOneLineError(1, Path.GetFullPath("nowhere"), "--set data.train=nowhere", "is relative to");
    }

    [Theory]
    [InlineData("shapes:count=60,size=28", "images of 10 classes, colour, 28x28 pixels, with test images", "imageSize: 28, patchSize: 7")]
    [InlineData("scenes:count=60,size=32", "60 captioned images, colour, 32x32 pixels", "task: caption")]
    public void Init_writes_a_config_that_can_be_planned(string data, string description, string content)
    {
        var file = _folder.File("start.yaml");

        var init = CommandLine.Run("init", data, "--out", file);

        init.ExitCode.Should().Be(0, init.Error);
        init.Output.Should().Contain(description).And.Contain($"tweedie train --config {file} --dry-run");
        File.ReadAllText(file).Should().Contain(content).And.Contain("holdout: 6 ");
        var plan = CommandLine.Run("train", "--config", file, "--dry-run");
        plan.ExitCode.Should().Be(0, plan.Error);
        CommandLine.Run("init", data, "--out", file).ShouldBeOneLineError(1, file, "exists already", "--out");
    }

    [Fact]
    public void Init_sees_grey_images_of_a_folder_without_a_test_split()
    {
        WritePhotos(40, 60, grey: true);
        var file = _folder.File("grey.yaml");

        CommandLine.Run("init", _folder.File("photos"), "--out", file).Output.Should().Contain("40 images of 2 classes, grey, 60x60 pixels, without test images");

        File.ReadAllText(file).Should().Contain("train: photos #").And.Contain("there are no test images").And.Contain("imageSize: 64, channels: 1, patchSize: 8");
        CommandLine.Run("train", "--config", file, "--dry-run").ExitCode.Should().Be(0);
    }

    [Fact]
    public void Init_names_data_that_are_none()
    {
        CommandLine.Run("init", _folder.File("nowhere"), "--out", _folder.File("x.yaml")).ShouldBeOneLineError(1, "nowhere", "neither a folder nor a file");
        File.Exists(_folder.File("x.yaml")).Should().BeFalse();
    }

    private void WritePhotos(int count, int size, bool grey = false)
    {
        for (var i = 0; i < count; i++)
        {
            var image = new ShapeSource(count, size).Read(i);
            if (grey)
                image = new RasterImage(size, size, 1, [.. Enumerable.Range(0, size * size).Select(pixel => image.Pixels[3 * pixel])]);
            var folder = Directory.CreateDirectory(_folder.File($"photos/{(i % 2 == 0 ? "even" : "odd")}")).FullName;
            ImageWriter.Save(image, Path.Combine(folder, $"{i}.png"));
        }
    }
}
