using Tweedie.Images;

namespace Tweedie.Tests.Cli;

/// <summary>Answers for many images, their probabilities, and what a result says of itself.</summary>
public sealed class AnswerTests(TinyModel tiny) : IClassFixture<TinyModel>
{
    private const string Data = "shapes:count=1,test=40,size=16,seed=5";

    [Fact]
    public void Each_image_has_an_answer_or_an_error()
    {
        var bad = Path.Combine(tiny.Folder, "bad.png");
        File.WriteAllText(bad, "no image");

        var result = CommandLine.Run("classify", "--model", tiny.Model, tiny.Image, bad, "absent.png", tiny.Image, "--steps", "2", "--json", "-");

        result.ExitCode.Should().Be(1);
        result.Error.Should().Contain("2 of 4 images have no answer");
        var images = result.Json().GetProperty("images").EnumerateArray().ToList();
        images.Should().HaveCount(4);
        images[0].GetProperty("classes").GetArrayLength().Should().BePositive();
        images[1].GetProperty("error").GetString().Should().Contain("bad.png");
        images[2].GetProperty("error").GetString().Should().Contain("absent.png").And.Contain("no such file");
        images[3].GetProperty("classes").GetArrayLength().Should().BePositive("the images after a bad one are answered too");
    }

    [Fact]
    public void Folders_and_patterns_stand_for_their_images()
    {
        var folder = Directory.CreateDirectory(Path.Combine(tiny.Folder, "photos", "deeper")).Parent!.FullName;
        foreach (var (index, name) in new[] { "b.png", "a.PNG", "deeper/c.png", ".hidden.png" }.Index())
            ImageWriter.Save(new ShapeSource(4, 16).Read(index), Path.Combine(folder, name));
        File.WriteAllText(Path.Combine(folder, "notes.txt"), "no image");

        Names(folder).Should().Equal("a.PNG", "b.png", "c.png");
        Names(Path.Combine(folder, "?.png")).Should().Equal(["a.PNG", "b.png"], "case does not matter, and a pattern is for one folder");
        CommandLine.Run("classify", "--model", tiny.Model, Path.Combine(folder, "z*.png")).ShouldBeOneLineError(1, "z*.png", "no image file matches");
        Names(Path.Combine(Path.GetDirectoryName(folder)!, "ph*s", "d*", "*.png")).Should().Equal("c.png");

        IEnumerable<string> Names(string word) => CommandLine.Run("classify", "--model", tiny.Model, word, "--steps", "2", "--json", "-").Json()
            .GetProperty("images").EnumerateArray().Select(image => Path.GetFileName(image.GetProperty("image").GetString()!));
    }

    [Fact]
    public void A_limit_takes_images_of_all_classes_and_data_without_a_test_split_are_said_to_be()
    {
        var (folder, report) = (Path.Combine(tiny.Folder, "ordered"), Path.Combine(tiny.Folder, "limited"));
        var source = new ShapeSource(30, 16);
        for (var index = 0; index < source.Count; index++)
        {
            var inside = Directory.CreateDirectory(Path.Combine(folder, source.ClassNames[source.GetLabel(index)])).FullName;
            ImageWriter.Save(source.Read(index), Path.Combine(inside, $"{index}.png"));
        }

        var result = CommandLine.Run("eval", "--model", tiny.Model, "--data", folder, "--limit", "10", "--steps", "1", "--decode", "last", "--report", report, "--json", "-");

        result.ExitCode.Should().Be(0, result.Error);
        result.Json().GetProperty("samples").GetInt32().Should().Be(10);
        result.Json().GetProperty("warnings")[0].GetString().Should().Contain($"'{folder}'").And.Contain("no test images of its own");
        File.ReadLines(Directory.GetFiles(report, "*-classes.csv").Single()).Skip(1).Count(line => line.Split(',')[1] == "0").Should().BeLessThan(3, "the images are spread over the classes");
    }

    [Fact]
    public void A_calibrated_setting_says_so_and_another_says_that_it_is_not()
    {
        var copy = Path.Combine(tiny.Folder, "calibrated");
        Directory.CreateDirectory(copy);
        foreach (var file in Directory.GetFiles(tiny.Model))
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        Classify(copy, "2").Output.Should().Contain("uncalibrated; tweedie calibrate");

        var calibrated = CommandLine.Run("calibrate", "--model", copy, "--data", Data, "--steps", "2", "--decode", "consensus", "--draws", "2");

        calibrated.ExitCode.Should().Be(0, calibrated.Error);
        calibrated.Output.Should().Contain("calibrated on 40 images").And.Contain("2 steps, guidance 1, consensus, 2 draws").And.Contain("are few");
        Classify(copy, "2").Output.Should().Contain("calibrated on 40 held-out images").And.Contain("before calibration");
        Classify(copy, "3").Output.Should().Contain("uncalibrated for this setting").And.Contain("2 steps, guidance 1, consensus, 2 draws");
        var rows = CommandLine.Run("eval", "--model", copy, "--data", Data, "--steps", "2,3", "--decode", "consensus", "--draws", "2", "--json", "-").Json().GetProperty("results");
        rows[0].TryGetProperty("eceCalibrated", out _).Should().BeTrue();
        rows[1].TryGetProperty("eceCalibrated", out _).Should().BeFalse("three steps are not calibrated");
        rows[1].GetProperty("ece").GetDouble().Should().BeInRange(0, 1);

        CommandLineResult Classify(string model, string steps) => CommandLine.Run("classify", "--model", model, tiny.Image, "--steps", steps, "--draws", "2");
    }

    [Fact]
    public void A_training_with_held_out_images_calibrates_its_model()
    {
        var run = Path.Combine(tiny.Folder, "held");

        var trained = CommandLine.Run("train", "--config", tiny.ConfigFile, "--out", run, "--set", "data.holdout=16");

        trained.ExitCode.Should().Be(0, trained.Error);
        trained.Output.Should().Contain("calibrated on 16 held-out images");
        var json = CommandLine.Run("classify", "--model", run, tiny.Image, "--json", "-").Json();
        json.GetProperty("calibration").GetProperty("images").GetInt32().Should().Be(16);
        json.GetProperty("origin").GetProperty("model").GetProperty("weights").GetString().Should().Be($"sha256:{Tweedie.Models.ModelFolder.HashOf(run)}");
        tiny.Trained.Output.Should().Contain("uncalibrated", "the other run holds nothing out");
        var checkpoint = Directory.GetDirectories(Path.Combine(run, "checkpoints"))[0];
        CommandLine.Run("calibrate", "--model", checkpoint, "--data", Data).ShouldBeOneLineError(1, checkpoint, "is a checkpoint");
    }

    [Fact]
    public void A_report_shows_where_the_classifier_is_wrong()
    {
        var folder = Path.Combine(tiny.Folder, "report");

        var result = CommandLine.Run("eval", "--model", tiny.Model, "--data", Data, "--steps", "2", "--decode", "last", "--report", folder);

        result.ExitCode.Should().Be(0, result.Error);
        Directory.GetFiles(folder).Select(Path.GetFileName).Should().BeEquivalentTo(
            new[] { "classes.csv", "classes.png", "classes.svg", "confusion.csv", "confusion.png", "confusion.svg", "reliability.png", "reliability.svg" }
                .Select(name => $"2steps.last.guidance1.argmax-{name}"));
        var classes = File.ReadAllLines(Path.Combine(folder, "2steps.last.guidance1.argmax-classes.csv"))[1..].Select(line => line.Split(',')).ToList();
        classes.Sum(row => int.Parse(row[1])).Should().Be(40);
        var confusion = File.ReadAllLines(Path.Combine(folder, "2steps.last.guidance1.argmax-confusion.csv"))[1..].Select(line => line.Split(',')[1..].Select(int.Parse).ToArray()).ToList();
        confusion.Select((row, label) => row[label]).Should().Equal(classes.Select(row => int.Parse(row[2])), "the diagonal holds the right answers");
        confusion.Select(row => row.Sum()).Should().AllBeEquivalentTo(4);
    }

    [Fact]
    public void A_result_identifies_itself()
    {
        var json = CommandLine.Run("eval", "--model", tiny.Model, "--data", Data, "--steps", "2", "--seed", "7", "--json", "-").Json();

        var origin = json.GetProperty("origin");
        origin.GetProperty("tweedie").GetString().Should().NotBeNullOrEmpty();
        origin.GetProperty("model").GetProperty("weights").GetString().Should().Be($"sha256:{Tweedie.Models.ModelFolder.HashOf(tiny.Model)}");
        origin.GetProperty("data").GetProperty("source").GetString().Should().Be(Data);
        origin.GetProperty("data").GetProperty("images").GetInt32().Should().Be(40);
        origin.GetProperty("precision").GetString().Should().Be("f32");
        origin.GetProperty("device").GetString().Should().Be("cpu");
        origin.GetProperty("host").GetProperty("libtorch").GetString().Should().NotBeNullOrEmpty();
        json.GetProperty("settings").GetProperty("seed").GetInt64().Should().Be(7);
        json.GetProperty("settings").GetProperty("steps").EnumerateArray().Select(steps => steps.GetInt32()).Should().Equal(2);
    }
}
