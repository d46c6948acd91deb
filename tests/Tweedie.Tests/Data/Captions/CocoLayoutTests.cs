using Tweedie.Images;

namespace Tweedie.Tests.Data.Captions;

public sealed class CocoLayoutTests : IDisposable
{
    private static readonly byte[] _png = Encoded.Image(Encoded.Pattern(4, 4, 3), ".png");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("annotations/captions_train2014.json", "train2014")]
    [InlineData("annotations/captions_train2017.json", "images/train2017")]
    [InlineData("captions_Training.json", "Train")]
    [InlineData("captions_train.json", "images")]
    [InlineData("coco/annotations/captions_train2017.json", "coco/train2017")]
    public void Captions_and_images_lie_in_their_usual_places(string captions, string images)
    {
        WriteCaptions(captions, "a.png");
        _folder.Write($"{images}/a.png", _png);

        CaptionSources.Recognizes(_folder.Path).Should().BeTrue();
        CaptionSources.Open(_folder.Path, DataSplit.Train).Read(0).Shape.Should().Be(new ImageShape(3, 4, 4));
    }

    [Fact]
    public void Of_two_years_the_latest_is_taken_and_that_is_said()
    {
        foreach (var year in new[] { 2014, 2017 })
        {
            WriteCaptions($"annotations/captions_val{year}.json", $"{year}.png");
            _folder.Write($"val{year}/{year}.png", _png);
        }

        var source = CaptionSources.Open(_folder.Path, DataSplit.Test);
        source.Describe(0).Should().EndWith("2017.png");
        source.Warnings.Should().ContainSingle().Which.Should().Contain("captions_val2014.json' is not used");
    }

    [Fact]
    public void A_validation_part_beside_a_test_part_is_said_to_be_unused()
    {
        foreach (var part in new[] { "train", "val", "test" })
        {
            WriteCaptions($"captions_{part}.json", "a.png");
            _folder.Write($"{part}/a.png", _png);
        }

        foreach (var split in new[] { DataSplit.Train, DataSplit.Test })
            CaptionSources.Open(_folder.Path, split).Warnings.Should().ContainSingle().Which.Should().Contain("validation part is not used");
    }

    [Fact]
    public void Several_data_sets_further_down_are_named()
    {
        foreach (var name in new[] { "one", "two" })
        {
            WriteCaptions($"{name}/captions_train.json", "a.png");
            _folder.Write($"{name}/train/a.png", _png);
        }

        FluentActions.Invoking(() => CaptionSources.Open(_folder.Path, DataSplit.Train)).Should().Throw<TweedieException>()
            .WithMessage("*holds 2 data sets with captions; give the folder of one of them:*one*two*");
    }

    [Theory]
    [InlineData("./a.png")]
    [InlineData("b/c/a.png")]
    [InlineData("b//./a.png")]
    [InlineData("b\\\\a.png")]
    public void File_names_lead_into_folders_and_nowhere_else(string name)
    {
        WriteCaptions("captions_train.json", name);
        _folder.Write(Path.Combine("train", name.Replace("\\\\", "/").Replace("/./", "/")), _png);

        var source = CaptionSources.Open(_folder.Path, DataSplit.Train);
        source.Read(0).Channels.Should().Be(3);
        source.Warnings.Should().BeEmpty();
    }

    [Fact]
    public void Links_in_circles_end_and_image_files_without_captions_are_counted()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege on Windows");
        WriteCaptions("captions_train.json", "a.png");
        _folder.Write("train/a.png", _png);
        _folder.Write("train/other.png", _png);
        Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "train", "train"), ".");
        Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "train", "images"), ".");

        var source = CaptionSources.Open(_folder.Path, DataSplit.Train);
        source.Count.Should().Be(1);
        source.Warnings.Should().Contain(warning => warning.Contains("1 of 2 image files in ")).And.Contain(warning => warning.Contains("2 links to folders are not followed, such as images."));
    }

    private void WriteCaptions(string path, string image) =>
        _folder.Write(path, System.Text.Encoding.UTF8.GetBytes($$"""{"images": [{"id": 1, "file_name": "{{image}}"}], "annotations": [{"image_id": 1, "caption": "an ant"}]}"""));
}
