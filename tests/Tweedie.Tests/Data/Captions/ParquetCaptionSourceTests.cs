using Tweedie.Images;

namespace Tweedie.Tests.Data.Captions;

public sealed class ParquetCaptionSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Write(params IReadOnlyList<string?> captions)
    {
        var image = Path.Combine(_folder.Path, "image.png");
        ImageWriter.Save(new RasterImage(4, 4, 3, new byte[48]), image);
        var shard = Path.Combine(_folder.Path, "train-00000.parquet");
        EnrichedShard.Write(shard, [.. captions.Select(caption => new EnrichedRow(File.ReadAllBytes(image), "1", caption))], groupSize: 2);
        return shard;
    }

    [Fact]
    public void Rows_with_a_caption_are_the_images_and_the_others_are_counted()
    {
        Write("a dog", null, "a cat", " ", "two dogs");

        var source = CaptionSources.Open(_folder.Path, DataSplit.Train);

        source.Count.Should().Be(3);
        Enumerable.Range(0, 3).SelectMany(source.GetCaptions).Should().Equal("a dog", "a cat", "two dogs");
        Enumerable.Range(0, 3).Select(source.GetId).Should().Equal(0, 2, 4);
        source.Read(2).Shape.Should().Be(new ImageShape(3, 4, 4));
        source.Warnings.Should().ContainSingle().Which.Should().ContainAll("2 of 5 rows", "no caption");
    }

    [Fact]
    public void Rows_without_a_label_are_captioned_and_held_out_like_the_others()
    {
        var image = Encoded.Image(Encoded.Pattern(4, 4, 3), ".png");
        EnrichedShard.Write(
            Path.Combine(_folder.Path, "train-00000.parquet"),
            [.. Enumerable.Range(0, 10).Select(i => new EnrichedRow(image, i % 2 == 0 ? null : "1", $"dog {i}"))], groupSize: 4);

        var (train, held) = CaptionSplits.Open(new DataOptions { Train = _folder.Path, Holdout = 4, Limit = 3 }, seed: 1);

        (train.Count, held!.Count).Should().Be((3, 4));
        Enumerable.Range(0, held.Count).Count(held.HasLabel).Should().Be(2, "rows without a label are a class of their own");
    }

    [Fact]
    public void A_file_without_captions_is_refused()
    {
        var shard = Write(null, null);

        FluentActions.Invoking(() => CaptionSources.Open(shard, DataSplit.Train)).Should().Throw<TweedieException>().WithMessage("*none of its 2 rows*caption_enriched*");
    }
}
