using Tweedie.Images;

namespace Tweedie.Tests.Data;

public sealed class ImageSourcesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")]
    [InlineData("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte", "test-images-idx3-ubyte", "test-labels-idx1-ubyte.gz")]
    [InlineData("train-images.idx3-ubyte", "train-labels.idx1-ubyte", "t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte")]
    public void Idx_folders_are_recognised(string trainImages, string trainLabels, string testImages, string testLabels)
    {
        WriteIdx(trainImages, trainLabels, count: 2);
        WriteIdx(testImages, testLabels, count: 1);

        Open(DataSplit.Train).Should().BeOfType<IdxSource>().Which.Count.Should().Be(2);
        Open(DataSplit.Test).Should().BeOfType<IdxSource>().Which.Count.Should().Be(1);
        ImageSources.HasTestSplit(_folder.Path).Should().BeTrue();
    }

    [Fact]
    public void A_single_idx_file_finds_its_labels()
    {
        WriteIdx("my-images-idx3-ubyte.gz", "my-labels-idx1-ubyte", count: 2);
        var path = Path.Combine(_folder.Path, "my-images-idx3-ubyte.gz");

        ImageSources.Open(path, DataSplit.Test).Count.Should().Be(2);
        ImageSources.HasTestSplit(path).Should().BeFalse();
        File.Delete(Path.Combine(_folder.Path, "my-labels-idx1-ubyte"));
        FluentActions.Invoking(() => ImageSources.Open(path, DataSplit.Train))
            .Should().Throw<TweedieException>().WithMessage("*no labels file beside it*my-labels-idx1-ubyte*");
    }

    [Fact]
    public void A_missing_split_is_an_error_and_known_beforehand()
    {
        WriteIdx("train-images-idx3-ubyte", "train-labels-idx1-ubyte", count: 1);

        ImageSources.HasTestSplit(_folder.Path).Should().BeFalse();
        FluentActions.Invoking(() => Open(DataSplit.Test))
            .Should().Throw<TweedieException>().WithMessage("*has no test split: expected*t10k-images-idx3-ubyte*");
    }

    [Fact]
    public void Cifar_10_folders_and_files_are_recognised()
    {
        _folder.Write("data_batch_2.bin", Record(3073, 1));
        _folder.Write("data_batch_1.bin", Record(3073, 0));
        var test = _folder.Write("test_batch.bin", Record(3073, 2));

        Enumerable.Range(0, 2).Select(Open(DataSplit.Train).GetLabel).Should().Equal(0, 1);
        Open(DataSplit.Test).GetLabel(0).Should().Be(2);
        ImageSources.Open(test, DataSplit.Train).GetLabel(0).Should().Be(2);
    }

    [Fact]
    public void Cifar_100_folders_and_files_are_recognised()
    {
        var train = _folder.Write("train.bin", Record(3074, 5, 50));
        _folder.Write("test.bin", Record(3074, 6, 60));

        Open(DataSplit.Train).GetLabel(0).Should().Be(50);
        Open(DataSplit.Test).GetLabel(0).Should().Be(60);
        ImageSources.Open(train, DataSplit.Test).GetLabel(0).Should().Be(50);
    }

    [Theory]
    [InlineData("test")]
    [InlineData("val")]
    public void Labels_of_the_test_folder_are_those_of_the_training_folder(string testFolder)
    {
        foreach (var name in new[] { "train/ant/1.png", "train/bee/1.png", $"{testFolder}/bee/1.png" })
            _folder.Write(name, Encoded.Image(Encoded.Pattern(4, 4, 3), ".png"));

        ImageSources.HasTestSplit(_folder.Path).Should().BeTrue();
        var test = Open(DataSplit.Test);
        test.ClassNames.Should().Equal("ant", "bee");
        test.GetLabel(0).Should().Be(1);
    }

    [Fact]
    public void An_unlabelled_test_folder_gives_way_to_a_labelled_val_folder_and_does_not_stop_a_training()
    {
        foreach (var name in new[] { "train/ant/1.png", "train/bee/1.png", "test/1.png", "val/bee/1.png" })
            _folder.Write(name, Encoded.Image(Encoded.Pattern(4, 4, 3), ".png"));
        Open(DataSplit.Test).GetLabel(0).Should().Be(1);

        Directory.Delete(Path.Combine(_folder.Path, "val"), recursive: true);
        var splits = ImageSplits.Open(new DataOptions { Train = _folder.Path }, seed: 1);
        splits.Train.Count.Should().Be(2);
        FluentActions.Invoking(() => splits.Test).Should().Throw<TweedieException>().WithMessage("*test' holds no class folders*");
    }

    [Fact]
    public void A_folder_that_may_not_be_read_is_named()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "needs a user who may not read everything");
        SetMode(UnixFileMode.None);
        try
        {
            FluentActions.Invoking(() => Open(DataSplit.Train)).Should().Throw<TweedieException>().WithMessage($"{_folder.Path}: cannot be listed: *");
            FluentActions.Invoking(() => ImageSources.HasTestSplit(_folder.Path)).Should().Throw<TweedieException>();
            FluentActions.Invoking(() => CaptionSources.Open(_folder.Path, DataSplit.Train)).Should().Throw<TweedieException>();
        }
        finally
        {
            SetMode(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        void SetMode(UnixFileMode mode)
        {
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(_folder.Path, mode);
        }
    }

    [Fact]
    public void Class_folders_alone_have_no_splits_even_when_a_class_is_named_train()
    {
        foreach (var name in new[] { "train/1.png", "tram/1.png" })
            _folder.Write(name, Encoded.Image(Encoded.Pattern(4, 4, 3), ".png"));

        Open(DataSplit.Train).ClassNames.Should().Equal("train", "tram");
        Open(DataSplit.Train).Warnings.Should().ContainSingle().Which.Should().Contain("train': is taken for a class and not for a split");
        Open(DataSplit.Test).Count.Should().Be(2);
        ImageSources.HasTestSplit(_folder.Path).Should().BeFalse();
    }

    [Fact]
    public void What_was_looked_for_is_said_where_nothing_is_recognised()
    {
        FluentActions.Invoking(() => Open(DataSplit.Train))
            .Should().Throw<TweedieException>().WithMessage("*holds no known data set: looked for IDX*CIFAR-10*CIFAR-100*CLASS/IMAGE*");
        FluentActions.Invoking(() => ImageSources.Open("no/such/place", DataSplit.Train))
            .Should().Throw<TweedieException>().WithMessage("'no/such/place' is neither a folder nor a file*");
        var file = _folder.Write("data.zip", 1);
        FluentActions.Invoking(() => ImageSources.Open(file, DataSplit.Train))
            .Should().Throw<TweedieException>().WithMessage("*data.zip' is no known data file*");
    }

    private IImageSource Open(DataSplit split) => ImageSources.Open(_folder.Path, split);

    private void WriteIdx(string images, string labels, int count)
    {
        Write(images, Encoded.Idx(2051, [count, 2, 2], new byte[4 * count]));
        Write(labels, Encoded.Idx(2049, [count], new byte[count]));

        void Write(string name, byte[] bytes) =>
            _folder.Write(name, name.EndsWith(".gz", StringComparison.Ordinal) ? Encoded.Gzip(bytes) : bytes);
    }

    private static byte[] Record(int length, params byte[] labels) => [.. labels, .. new byte[length - labels.Length]];
}
