using Tweedie.Configuration;
using Tweedie.Training;

namespace Tweedie.Tests.Configuration;

/// <summary>Paths in a config are relative to its folder; changes on the command line are relative to the current folder.</summary>
public sealed class ConfigPathTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private (string Train, ConfigDocument Document) Bind(string train, string? change = null)
    {
        var file = Path.Combine(Directory.CreateDirectory(_folder.File("configs")).FullName, "run.yaml");
        File.WriteAllText(file, $"data: {{ train: {train} }}\n");
        var document = ConfigDocument.Load(file);
        if (change is not null)
            document.Set(change);
        return (((ClassificationRun)RunConfig.From(document)).Data.Train, document);
    }

    [Fact]
    public void A_path_of_a_file_is_relative_to_its_folder()
    {
        Directory.CreateDirectory(_folder.File("photos"));

        Bind("../photos").Train.Should().Be(_folder.File("photos"));
        Bind(_folder.File("photos")).Train.Should().Be(_folder.File("photos"));
        Bind("\"../photos/train-*.parquet\"").Train.Should().Be(_folder.File("photos/train-*.parquet"));
    }

    [Fact]
    public void A_change_on_the_command_line_is_relative_to_the_current_folder() =>
        Bind("../photos", "data.train=photos").Train.Should().Be(Path.GetFullPath("photos"));

    [Theory]
    [InlineData("\"shapes:count=20\"", "shapes:count=20")]
    [InlineData("shapes", "shapes")]
    [InlineData("\"scenes:count=9\"", "scenes:count=9")]
    [InlineData("\"shapse:count=20\"", "shapse:count=20")]
    public void Generated_data_are_no_path(string written, string bound) => Bind(written).Train.Should().Be(bound);

    [Fact]
    public void A_path_that_only_the_current_folder_has_is_taken_from_there_with_a_warning()
    {
        var name = Directory.EnumerateFiles(Directory.GetCurrentDirectory()).Select(path => Path.GetFileName(path)!).First();

        var (train, document) = Bind($"\"{name}\"");

        train.Should().Be(Path.GetFullPath(name));
        document.PathWarnings.Should().ContainSingle().Which.Should().Contain("run.yaml:1: data.train").And.Contain("found in the current folder");
    }

    [Fact]
    public void An_error_that_names_a_path_says_where_it_was_written_and_what_it_is_relative_to()
    {
        var (train, document) = Bind("../nowhere");

        var open = () => document.ExplainPaths<int>(() => throw new TweedieException($"'{train}' is neither a folder nor a file."));

        train.Should().Be(_folder.File("nowhere"));
        open.Should().Throw<TweedieException>().WithMessage(
            $"'{train}' is neither a folder nor a file. {_folder.File("configs/run.yaml")}:1: data.train = ../nowhere is relative to {_folder.File("configs")}.");

        Directory.CreateDirectory(train);
        open = () => document.ExplainPaths<int>(() => throw new TweedieException($"'{train}' has one class."));
        open.Should().Throw<TweedieException>().WithMessage($"'{train}' has one class.", "the path is right");
        FluentActions.Invoking(() => document.ExplainPaths<int>(() => throw new TweedieException("something else"))).Should().Throw<TweedieException>().WithMessage("something else");
    }

    [Fact]
    public void A_path_that_is_written_in_another_way_is_no_difference()
    {
        ClassificationRun Run(string train) => new() { Data = new() { Train = train } };

        OptionDifference.Between(Run("../photos"), Run(Path.GetFullPath("../photos"))).Should().BeEmpty();
        OptionDifference.Between(Run("../photos"), Run("../others")).Should().ContainSingle();
        OptionDifference.Between(Run("shapes:count=9"), Run(Path.GetFullPath("shapes:count=9"))).Should().ContainSingle("one of them is no path");
    }

    [Fact]
    public void Text_that_comes_from_no_file_keeps_its_paths() =>
        ((ClassificationRun)RunConfig.From(ConfigDocument.Parse("data: { train: ../photos }", "text"))).Data.Train.Should().Be("../photos");

    [Fact]
    public void The_paths_of_shipped_configs_lead_out_of_their_folder()
    {
        var folder = Path.Combine(Shared.RepositoryRoot, "configs");
        foreach (var file in Directory.EnumerateFiles(folder, "*.yaml"))
        {
            var train = RunConfig.From(ConfigDocument.Load(file)) switch
            {
                ClassificationRun run => run.Data.Train,
                CaptionRun run => run.Data.Train,
                ClipRun run => run.Data.Train,
                TextRun run => run.Data.Train,
                TokensRun run => run.Data.Train,
                AnnotationRun run => run.Data.Train,
                _ => throw new InvalidOperationException(file),
            };

            train.Should().NotStartWith(folder, file);
        }
    }
}
