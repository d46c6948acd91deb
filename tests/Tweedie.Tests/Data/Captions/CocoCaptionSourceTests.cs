using Tweedie.Images;

namespace Tweedie.Tests.Data.Captions;

public sealed class CocoCaptionSourceTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tweedie-captions-");

    public void Dispose() => _folder.Delete(recursive: true);

    private const string Captions = """
        {
          "images": [{"id": 7, "file_name": "a.png"}, {"id": 9, "file_name": "b.png"}, {"id": 11, "file_name": "c.png"}],
          "annotations": [{"image_id": 7, "caption": "one a"}, {"image_id": 9, "caption": "one b"}, {"image_id": 7, "caption": "two a"}]
        }
        """;

    private string Write(string captions, params string[] images)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder.FullName, "train")).FullName;
        foreach (var name in images)
            ImageWriter.Save(new RasterImage(4, 4, 3, new byte[48]), Path.Combine(folder, name));
        File.WriteAllText(Path.Combine(_folder.FullName, "captions_train.json"), captions);
        return _folder.FullName;
    }

    [Fact]
    public void Images_have_their_ids_captions_and_pixels()
    {
        var source = CaptionSources.Open(Write(Captions, "a.png", "b.png", "c.png"), DataSplit.Train);

        source.Count.Should().Be(2);
        Enumerable.Range(0, 2).Select(source.GetId).Should().Equal(7, 9);
        source.GetCaptions(0).Should().Equal("one a", "two a");
        source.Read(1).Shape.Should().Be(new ImageShape(3, 4, 4));
    }

    [Fact]
    public void Images_without_captions_or_files_are_counted_and_left_out()
    {
        var source = CaptionSources.Open(Write(Captions, "b.png"), DataSplit.Train);

        source.Count.Should().Be(1);
        source.GetId(0).Should().Be(9);
        source.Warnings.Should().HaveCount(2);
        source.Warnings[0].Should().ContainAll("1 of 3", "no caption", "c.png");
        source.Warnings[1].Should().ContainAll("1 of 3", "train", "a.png");
    }

    [Fact]
    public void Blank_captions_beside_others_are_counted_and_left_out()
    {
        const string Blank = """
            {"images": [{"id": 7, "file_name": "a.png"}],
             "annotations": [{"image_id": 7, "caption": " "}, {"image_id": 7, "caption": "one a"}, {"image_id": 7, "caption": ""}]}
            """;

        var source = CaptionSources.Open(Write(Blank, "a.png"), DataSplit.Train);

        source.GetCaptions(0).Should().Equal("one a");
        source.Warnings.Should().ContainSingle().Which.Should().EndWith(": 2 blank captions are left out.");
    }

    [Fact]
    public void A_folder_without_any_of_the_images_is_refused() =>
        FluentActions.Invoking(() => CaptionSources.Open(Write(Captions, "other.png"), DataSplit.Train))
            .Should().Throw<TweedieException>().Which.Message.Should().ContainAll("captions_train.json", "none of its 3 images", "train");

    [Fact]
    public void Malformed_captions_are_named_by_line_and_column() =>
        FluentActions.Invoking(() => CaptionSources.Open(Write("{\n  \"images\": [}", "a.png"), DataSplit.Train))
            .Should().Throw<TweedieException>().Which.Message.Should().ContainAll("captions_train.json", "line 2", "column");

    [Fact]
    public void The_2017_layout_is_found_and_a_missing_part_names_both_layouts()
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "annotations"));
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "val2017"));
        ImageWriter.Save(new RasterImage(4, 4, 3, new byte[48]), Path.Combine(_folder.FullName, "val2017", "a.png"));
        File.WriteAllText(Path.Combine(_folder.FullName, "annotations", "captions_val2017.json"), Captions);

        CaptionSources.Open(_folder.FullName, DataSplit.Test).Count.Should().Be(1);
        CaptionSources.Recognizes(_folder.FullName).Should().BeTrue();
        CaptionSources.Recognizes(Path.Combine(_folder.FullName, "val2017")).Should().BeFalse();
        FluentActions.Invoking(() => CaptionSources.Open(_folder.FullName, DataSplit.Train)).Should().Throw<TweedieException>()
            .Which.Message.Should().ContainAll("captions_train2017.json", "captions_train.json");
    }

    [Theory]
    [InlineData("data/flickr8k-4k", 3500, 500)]
    [InlineData("data/coco-mini", 154, 284)]
    public void Real_data_sets_open_without_a_warning(string folder, int train, int test)
    {
        var path = Shared.Path(folder);
        foreach (var (split, count) in new[] { (DataSplit.Train, train), (DataSplit.Test, test) })
        {
            var source = CaptionSources.Open(path, split);
            source.Count.Should().Be(count);
            source.Warnings.Should().BeEmpty();
            source.GetCaptions(count - 1).Should().HaveCountGreaterThanOrEqualTo(5);
            source.Read(count - 1).Channels.Should().Be(3);
        }
    }

    [Fact]
    public void A_held_out_part_keeps_its_captions_apart_from_training()
    {
        var options = new DataOptions { Train = "scenes:count=60,seed=2", Holdout = 20, Limit = 10 };

        var (train, held) = CaptionSplits.Open(options, seed: 5);

        (train.Count, held!.Count).Should().Be((10, 20));
        Ids(train).Intersect(Ids(held)).Should().BeEmpty();
        var all = new SceneSource(60, seed: 2, phrasings: SceneSource.MaximumPhrasings);
        foreach (var (id, index) in Ids(held).Select((id, index) => (id, index)))
            held.GetCaptions(index).Should().Equal(all.GetCaptions((int)id));
    }

    private static List<long> Ids(ICaptionSource source) => [.. Enumerable.Range(0, source.Count).Select(source.GetId)];
}
