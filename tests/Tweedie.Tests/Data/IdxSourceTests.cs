using Tweedie.Images;

namespace Tweedie.Tests.Data;

public sealed class IdxSourceTests : IDisposable
{
    private const int Images = 2051;
    private const int Labels = 2049;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Plain_and_gzipped_files_are_read(bool compressed)
    {
        var source = Open(Encoded.Idx(Images, [3, 2, 4], Encoded.Ramp(24)), Encoded.Idx(Labels, [3], [2, 0, 1]), compressed);

        source.Count.Should().Be(3);
        source.ClassNames.Should().Equal("0", "1", "2");
        Enumerable.Range(0, 3).Select(source.GetLabel).Should().Equal(2, 0, 1);
        source.Read(1).ShouldEqual(new RasterImage(4, 2, 1, Encoded.Ramp(8, start: 8)));
    }

    private static readonly byte[] _oneImage = Encoded.Idx(Images, [1, 1, 1], [0]);
    private static readonly byte[] _oneLabel = Encoded.Idx(Labels, [1], [0]);
    private static readonly byte[] _twoLabels = Encoded.Idx(Labels, [2], [0, 0]);

    public static TheoryData<string, byte[], byte[], string> DamagedFiles => new()
    {
        { "wrong magic", _twoLabels, _twoLabels, "*images.idx' is no IDX file of images: it is one of labels*" },
        { "wrong label magic", _oneImage, _oneImage, "*labels.idx' is no IDX file of labels: it is one of images*" },
        { "a web page", "<!DOCTYPE html><p>Not found</p>"u8.ToArray(), _oneLabel, "*images.idx' is no IDX file of images: it is a web page (HTML or XML)*fetch the file again." },
        { "gzipped twice", Encoded.Gzip(Encoded.Gzip(_oneImage)), _oneLabel, "*images.idx' is no IDX file of images: it is gzipped twice; unpack it once, with gunzip." },
        { "other bytes", [1, 2, 3, 4, 5], _oneLabel, "*images.idx' is no IDX file of images: it starts with 16909060 and not with 2051." },
        { "header only in part", [0, 0, 8, 3, 0], _oneLabel, "*images.idx' ends within its IDX header*" },
        { "empty", [], _oneLabel, "*images.idx' ends within its IDX header*" },
        { "truncated", Encoded.Idx(Images, [2, 2, 2], [1, 2, 3]), _twoLabels, "*images.idx' claims 2 x 2 x 2 = 8 bytes*truncated*" },
        { "extra bytes", Encoded.Idx(Images, [1, 1, 2], [1, 2, 3]), _oneLabel, "*images.idx' goes on after the 1 x 1 x 2 = 2 bytes*" },
        { "no images", Encoded.Idx(Images, [0, 2, 2], []), _oneLabel, "*images.idx' has a dimension of 0*" },
        { "negative size", Encoded.Idx(Images, [1, -2, 2], []), _oneLabel, "*images.idx' has a dimension of -2*" },
        { "huge", Encoded.Idx(Images, [int.MaxValue, int.MaxValue, int.MaxValue], []), _oneLabel,
            "*images.idx' claims 2147483647 x 2147483647 x 2147483647*" },
        { "large", Encoded.Idx(Images, [2_000_000, 28, 28], []), _oneLabel,
            "*images.idx' claims 2000000 x 28 x 28 = 1568000000 bytes*truncated*" },
        { "other count", Encoded.Idx(Images, [2, 1, 1], [1, 2]), Encoded.Idx(Labels, [3], [0, 0, 0]),
            "*images.idx' has 2 images but *labels.idx' has 3 labels*" },
    };

    [Theory]
    [MemberData(nameof(DamagedFiles))]
    public void Damaged_files_are_named_with_what_is_wrong(string damage, byte[] images, byte[] labels, string message) =>
        FluentActions.Invoking(() => Open(images, labels))
            .Should().Throw<TweedieException>(damage).WithMessage(message).Which.Message.Should().NotContain("\n");

    [Fact]
    public void A_gzip_file_cut_off_within_its_data_is_truncated()
    {
        var whole = Encoded.Gzip(Encoded.Idx(Images, [10, 28, 28], [.. Enumerable.Range(0, 7840).Select(i => (byte)(i * i * 31 >> 3))]));
        FluentActions.Invoking(() => Open(whole[..^200], Encoded.Idx(Labels, [10], new byte[10])))
            .Should().Throw<TweedieException>().WithMessage("*images.idx'*");
    }

    [Fact]
    public void A_gzip_header_cannot_claim_more_than_the_file_can_hold() =>
        FluentActions.Invoking(() => Open(Encoded.Gzip(Encoded.Idx(Images, [2_000_000, 28, 28], [])), Encoded.Idx(Labels, [1], [0])))
            .Should().Throw<TweedieException>().WithMessage("*2000000 x 28 x 28 = 1568000000 bytes*more than the file can hold*");

    [Fact]
    public void A_missing_file_is_named() =>
        FluentActions.Invoking(() => new IdxSource(Path.Combine(_folder.Path, "none"), "none"))
            .Should().Throw<TweedieException>().WithMessage("*none' cannot be read*");

    [Fact]
    public void The_classes_are_the_labels_that_occur()
    {
        var letters = Open(Encoded.Idx(Images, [52, 1, 1], new byte[52]), Encoded.Idx(Labels, [52], [.. Enumerable.Range(0, 52).Select(i => (byte)(1 + i % 26))]));

        letters.ClassNames.Should().Equal(Enumerable.Range(1, 26).Select(label => $"{label}"));
        Enumerable.Range(0, 26).Select(letters.GetLabel).Should().Equal(Enumerable.Range(0, 26));
    }

    [Fact]
    public void Fashion_MNIST_is_read_as_published()
    {
        var folder = Shared.Path("data/fashion-mnist");
        var train = ImageSources.Open(folder, DataSplit.Train);
        var test = ImageSources.Open(folder, DataSplit.Test);

        train.Count.Should().Be(60_000);
        test.Count.Should().Be(10_000);
        Labels_of(train).CountBy(label => label).Should().HaveCount(10).And.OnlyContain(pair => pair.Value == 6_000);
        Labels_of(test).CountBy(label => label).Should().HaveCount(10).And.OnlyContain(pair => pair.Value == 1_000);
        Labels_of(train).Take(10).Should().Equal(9, 0, 0, 3, 0, 2, 7, 2, 5, 5);
        Labels_of(test).Take(10).Should().Equal(9, 2, 1, 1, 6, 1, 4, 6, 5, 7);
        train.Read(0).Shape.Should().Be(new ImageShape(1, 28, 28));
        Enumerable.Range(0, train.Count).Average(index => train.Read(index).Pixels.ToArray().Average(pixel => (double)pixel))
            .Should().BeApproximately(72.94035, 1e-5);
    }

    private static IEnumerable<int> Labels_of(IImageSource source) => Enumerable.Range(0, source.Count).Select(source.GetLabel);

    private IdxSource Open(byte[] images, byte[] labels, bool compressed = false) => new(
        _folder.Write("images.idx", compressed ? Encoded.Gzip(images) : images),
        _folder.Write("labels.idx", compressed ? Encoded.Gzip(labels) : labels));
}
