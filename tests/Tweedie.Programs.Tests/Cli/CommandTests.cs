using System.CommandLine;
using System.Text.Json;
using Tweedie.Cli;
using Tweedie.Images;

namespace Tweedie.Tests.Cli;

public sealed class CommandTests(TinyModel tiny) : IClassFixture<TinyModel>
{
    /// <summary>Every command and the commands below it, such as "data" and "data inspect".</summary>
    public static TheoryData<string> Commands => [.. Below(CommandLineApp.CreateRoot(), "")];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_command_explains_itself_with_an_example(string command)
    {
        var help = CommandLine.Run([.. command.Split(' '), "--help"]);

        help.ExitCode.Should().Be(0);
        help.Output.Should().Contain($"Example: tweedie {command}").And.MatchRegex($"Usage:\\s+tweedie {command}");
    }

    private static IEnumerable<string> Below(Command command, string path) =>
        command.Subcommands.SelectMany(below => Below(below, $"{path}{below.Name} ").Prepend(path + below.Name));

    [Fact]
    public void Train_writes_a_run_that_can_be_loaded()
    {
        tiny.Trained.ExitCode.Should().Be(0, tiny.Trained.Error);
        foreach (var file in new[] { "config.yaml", "metrics.jsonl", "model/config.json", "model/model.safetensors", "checkpoints/step-000004/state.json" })
            File.Exists(Path.Combine(tiny.Run, file)).Should().BeTrue(file);
        Directory.EnumerateFiles(tiny.Run, "events.*").Should().NotBeEmpty();
    }

    [Fact]
    public void A_dry_run_prints_the_plan_and_writes_nothing()
    {
        var run = Path.Combine(tiny.Folder, "planned");

        var plan = CommandLine.Run("train", "--config", tiny.ConfigFile, "--out", run, "--dry-run");

        plan.ExitCode.Should().Be(0, plan.Error);
        plan.Output.Should().ContainAll("64", "4 (2 per epoch)", "learning rate after epoch 2", "parameters, denoiser", "time of the training, estimated");
        Directory.Exists(run).Should().BeFalse();
        CommandLine.Run("train", "--config", tiny.ConfigFile, "--out", tiny.Run, "--dry-run").ExitCode.Should().Be(0, "a run may be there");
    }

    [Fact]
    public void Data_inspect_counts_images_names_broken_ones_and_draws_a_sheet()
    {
        var (folder, sheet) = (Path.Combine(tiny.Folder, "photos"), Path.Combine(tiny.Folder, "grid.png"));
        foreach (var name in new[] { "cats/a.png", "cats/b.png", "dogs/c.png" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, name))!);
            File.Copy(tiny.Image, Path.Combine(folder, name));
        }
        var whole = CommandLine.Run("data", "inspect", folder, "--transform", tiny.ConfigFile, "--out", sheet);
        whole.ExitCode.Should().Be(0, whole.Error);
        whole.Output.Should().Contain("3 images, 2 classes, 0 broken").And.Contain("width: 16 to 16");
        ImageDecoder.DecodeFile(sheet).Width.Should().Be(3 * (160 + 8) + 8);

        File.WriteAllText(Path.Combine(folder, "dogs", "d.jpg"), "not an image");
        var broken = CommandLine.Run("data", "inspect", folder);
        broken.ExitCode.Should().Be(1);
        broken.Output.Should().Contain("4 images, 2 classes, 1 broken").And.Contain("d.jpg");
    }

    [Fact]
    public void Eval_gives_a_row_for_every_combination()
    {
        var json = CommandLine.Run("eval", "--model", tiny.Model, "--data", "shapes:count=64,test=32,size=16,seed=3",
            "--steps", "1,4", "--guidance", "1,2", "--to-one", "argmax,multinomial", "--control", "--draws", "2", "--limit", "20", "--json", "-").Json();

        json.GetProperty("task").GetString().Should().Be("classification");
        json.GetProperty("samples").GetInt32().Should().Be(20);
        var rows = json.GetProperty("results").EnumerateArray().ToList();
        rows.Should().HaveCount(2 * 2 * 2 * 2 * 2);
        rows.Any(row => row.TryGetProperty("name", out _)).Should().BeFalse("a name only repeats the settings");
        rows.Should().AllSatisfy(row => row.GetProperty("top1").GetDouble().Should().BeInRange(0, row.GetProperty("top5").GetDouble()));
        rows.Select(row => (row.GetProperty("steps").GetInt32(), row.GetProperty("guidance").GetDouble(), row.GetProperty("toOne").GetString(),
            row.GetProperty("decode").GetString(), row.GetProperty("control").GetBoolean())).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void Eval_matches_the_classes_of_folders_by_name_whatever_their_order()
    {
        using var classifier = Tweedie.Models.ImageClassifier.Load(tiny.Model);
        var names = classifier.Options.ClassNames;
        names.Should().NotBeInAscendingOrder(StringComparer.Ordinal, "a folder's classes are");
        var images = new ShapeSource(3 * names.Count, 16, seed: 5);
        for (var index = 0; index < images.Count; index++)
        {
            ImageWriter.Save(images.Read(index), Path.Combine(Directory.CreateDirectory(Path.Combine(tiny.Folder, "named", names[images.GetLabel(index)])).FullName, $"{index}.png"));
            ImageWriter.Save(images.Read(index), Path.Combine(Directory.CreateDirectory(Path.Combine(tiny.Folder, "numbered", $"{images.GetLabel(index)}")).FullName, $"{index}.png"));
        }

        Warnings("named").Should().ContainSingle().Which.Should().Contain("no test images of its own");
        Warnings("numbered").Should().HaveCount(2).And.Contain(warning => warning.Contains($"9 is {names[9]}", StringComparison.Ordinal));

        List<string> Warnings(string folder) => [.. Eval(folder).GetProperty("warnings").EnumerateArray().Select(warning => warning.GetString()!)];

        JsonElement Eval(string folder)
        {
            var result = CommandLine.Run("eval", "--model", tiny.Model, "--data", Path.Combine(tiny.Folder, folder), "--steps", "1", "--json", "-").Json();
            result.GetProperty("samples").GetInt32().Should().Be(images.Count);
            return result;
        }
    }

    [Fact]
    public void Classify_names_classes_with_probabilities_and_traces_every_step()
    {
        var json = CommandLine.Run("classify", "--model", tiny.Model, tiny.Image, "--top", "10", "--steps", "6", "--trace", "--json", "-").Json();

        var image = json.GetProperty("images")[0];
        image.GetProperty("classes").EnumerateArray().Sum(entry => entry.GetProperty("probability").GetDouble()).Should().BeApproximately(1, 1e-5);
        image.GetProperty("trace").GetArrayLength().Should().Be(6);
    }

    [Fact]
    public void Info_counts_the_parameters_of_a_model_and_of_a_config_alike()
    {
        var model = CommandLine.Run("info", "--model", tiny.Model, "--json", "-").Json();
        var config = CommandLine.Run("info", "--config", tiny.ConfigFile, "--json", "-").Json();

        model.GetProperty("parameters").GetInt64().Should().BePositive().And.Be(config.GetProperty("parameters").GetInt64());
        model.GetProperty("card").GetProperty("training").GetProperty("steps").GetInt64().Should().Be(4);
        config.TryGetProperty("card", out _).Should().BeFalse("only a model has a card");
    }

    [Fact]
    public void Info_says_what_a_model_was_trained_on()
    {
        var info = CommandLine.Run("info", "--model", tiny.Model);

        info.ExitCode.Should().Be(0, info.Error);
        info.Output.Should().Contain("trained on 64 images of ").And.MatchRegex(@"4 steps in .*, seed 1, \d{4}-\d\d-\d\d");
    }

    [Fact]
    public void Reproduce_writes_a_report_and_continues_where_it_is_told_to()
    {
        var folder = Path.Combine(tiny.Folder, "reproduced");
        string[] arguments = ["reproduce", "schedule", "--out", folder]; // needs no training

        var first = CommandLine.Run(arguments);
        first.ExitCode.Should().Be(0, first.Error);
        first.Output.Should().ContainAll("30,522 (BERT)", Path.Combine(folder, "report.html"));

        CommandLine.Run(arguments).ShouldBeOneLineError(1, folder, "--resume");
        CommandLine.Run([.. arguments, "--resume"]).ExitCode.Should().Be(0);
        var report = CommandLine.Run("report", folder, "--out", Path.Combine(tiny.Folder, "report.html"));
        report.ExitCode.Should().Be(0, report.Error);
        File.ReadAllText(Path.Combine(tiny.Folder, "report.html")).Should().Contain("tweedie reproduce schedule --out");
    }

    [Fact]
    public void The_papers_scale_is_printed_as_a_plan_where_data_and_accelerators_are_missing()
    {
        var plan = CommandLine.Run("reproduce", "table1", "--scale", "paper", "--data", "nowhere", "--out", Path.Combine(tiny.Folder, "paper"));

        plan.ExitCode.Should().Be(0, plan.Error);
        plan.Output.Should().ContainAll("ImageNet-1k, ViT-B/16: TDD, with coefficient", "GPU hours", "Not started");
        Directory.Exists(Path.Combine(tiny.Folder, "paper")).Should().BeFalse();
    }

    [Fact]
    public void An_interrupted_training_saves_and_resumes_to_the_same_weights()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "sends signals");
        var (run, whole) = (Path.Combine(tiny.Folder, "interrupted"), Path.Combine(tiny.Folder, "whole"));
        string[] arguments = ["train", "--config", tiny.ConfigFile, "--set", "training.epochs=300", "evaluation.everyEpochs=0", "training.checkpointEpochs=1000", "--out"];
        CommandLine.Run([.. arguments, whole]).ExitCode.Should().Be(0);

        using (var training = new RunningCommand([.. arguments, run]))
        {
            training.WaitUntil(() => new FileInfo(Path.Combine(run, "metrics.jsonl")) is { Exists: true, Length: > 0 });
            training.Signal("INT");
            training.WaitForExit().Should().Be(130, training.Error);
        }
        Directory.EnumerateDirectories(Path.Combine(run, "checkpoints")).Should().ContainSingle();
        Directory.Exists(Path.Combine(run, "model")).Should().BeFalse("it was interrupted before the end");

        CommandLine.Run([.. arguments, run, "--resume"]).ExitCode.Should().Be(0);

        File.ReadAllBytes(Path.Combine(run, "model", "model.safetensors")).Should()
            .Equal(File.ReadAllBytes(Path.Combine(whole, "model", "model.safetensors")));
    }
}
