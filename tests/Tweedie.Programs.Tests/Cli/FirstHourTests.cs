using Tweedie.Images;

namespace Tweedie.Tests.Cli;

/// <summary>The commands by which the README leads from a folder of photographs to a model: they are read from there and run.</summary>
public sealed class FirstHourTests : IDisposable
{
    private const string Section = "## Your own photographs";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Four_commands_lead_from_photographs_to_a_trained_evaluated_and_calibrated_model()
    {
        var source = new ShapeSource(96, 32);
        for (var index = 0; index < source.Count; index++)
            Save(source.Read(index), Path.Combine("photos", source.ClassNames[source.GetLabel(index)], $"{index}.png"));
        Save(source.Read(3), "new.jpg");
        Save(source.Read(4), Path.Combine("more-photos", "one.png"));
        var commands = Commands();
        commands.Select(words => words[0]).Should().Equal("init", "train", "eval", "classify");

        var outputs = commands.Select(words =>
        {
            string[] shortened = words[0] == "train" ? ["--set", "training.epochs=2", "training.warmupEpochs=0", "evaluation.everyEpochs=1"] : [];
            var result = CommandLine.Run([.. words, .. shortened], [], _folder.Path);
            result.ExitCode.Should().Be(0, $"{string.Join(' ', words)}: {result.Error}");
            return result.Output;
        }).ToList();

        outputs[0].Should().Contain("96 images of 10 classes").And.Contain("tweedie train --config photos.yaml");
        outputs[1].Should().Contain("probabilities: calibrated on");
        outputs[2].Should().Contain("ECE calibrated").And.Contain("wrote report");
        Directory.GetFiles(Path.Combine(_folder.Path, "report"), "*-confusion.png").Should().NotBeEmpty();
        outputs[3].Should().Contain("probabilities: calibrated on").And.Contain("new.jpg").And.Contain("one.png");
    }

    private void Save(RasterImage image, string path)
    {
        var file = Path.Combine(_folder.Path, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        ImageWriter.Save(image, file);
    }

    private static List<string[]> Commands() =>
    [
        .. File.ReadLines(Path.Combine(Shared.RepositoryRoot, "README.md")).SkipWhile(line => line != Section).SkipWhile(line => line != "```sh").Skip(1)
            .TakeWhile(line => line != "```").Select(line => line.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..]),
    ];
}
