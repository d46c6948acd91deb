using Tweedie.Images;

namespace Tweedie.Tests.Data;

public sealed class FolderLayoutTests : IDisposable
{
    private static readonly byte[] _png = Encoded.Image(Encoded.Pattern(4, 4, 3), ".png");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("train", "test")]
    [InlineData("Train", "Test")]
    [InlineData("Training", "Testing")]
    [InlineData("TRAIN", "VAL")]
    [InlineData("train", "valid")]
    [InlineData("training", "validation")]
    public void Splits_have_their_usual_names_in_any_case_and_are_no_classes(string train, string test)
    {
        Write($"{train}/ant/1.png", $"{train}/bee/1.png", $"{test}/bee/1.png", $"{test}/yak/1.png");

        Open(DataSplit.Train).ClassNames.Should().Equal("ant", "bee");
        var tested = Open(DataSplit.Test);
        tested.Count.Should().Be(1);
        tested.GetLabel(0).Should().Be(1);
        tested.Warnings.Should().Contain(warning => warning.Contains("yak (1)"));
        ImageSources.HasTestSplit(_folder.Path).Should().BeTrue();
    }

    [Theory]
    [InlineData(DataSplit.Train)]
    [InlineData(DataSplit.Test)]
    public void A_validation_part_beside_a_test_part_is_said_to_be_unused(DataSplit split)
    {
        Write("train/ant/1.png", "test/ant/1.png");
        Open(split).Warnings.Should().BeEmpty();
        Write("val/ant/1.png");
        Open(split).Warnings.Should().ContainSingle().Which.Should().Contain("validation part is not used");
    }

    [Fact]
    public void A_split_without_class_folders_is_refused_and_not_taken_for_a_class()
    {
        Write("Training/1.png", "Testing/1.png");
        FluentActions.Invoking(() => Open(DataSplit.Train)).Should().Throw<TweedieException>().WithMessage("*Training' holds no class folders*");
    }

    [Fact]
    public void A_test_split_alone_is_a_test_split()
    {
        Write("val/ant/1.png", "val/bee/1.png");

        Open(DataSplit.Test).ClassNames.Should().Equal("ant", "bee");
        FluentActions.Invoking(() => Open(DataSplit.Train)).Should().Throw<TweedieException>().WithMessage("*has no training split*");
    }

    [Fact]
    public void Two_spellings_of_a_split_are_refused()
    {
        Write("train/ant/1.png", "val/ant/1.png", "valid/ant/1.png");
        FluentActions.Invoking(() => Open(DataSplit.Test)).Should().Throw<TweedieException>().WithMessage("*holds 'val' and 'valid', which both name the same part*");
    }

    [Fact]
    public void What_is_not_read_is_counted_by_suffix_and_junk_is_no_data()
    {
        Write("train/ant/1.png", "train/ant/2.JFIF", "train/ant/3.ppm", "train/ant/4.avif", "train/ant/5.AVIF", "train/ant/notes.txt", "train/ant/README", "train/bee/1.png",
            "train/loose.png", "extra/1.png", "LICENSE.md",
            ".DS_Store", "__MACOSX/train/ant/._1.png", "train/Thumbs.db", "train/ant/._1.png", "train/ant/.ipynb_checkpoints/1-checkpoint.png", "train/ant/desktop.ini", "train/@eaDir/1.png");

        var source = Open(DataSplit.Train);
        source.Count.Should().Be(4);
        source.ClassNames.Should().Equal("ant", "bee");
        source.Warnings.Should().Equal(
            $"'{_folder.Path}': 1 folder beside the splits is not used, such as extra.",
            $"'{_folder.Path}': 1 file of other kinds is left out: 1 .md.",
            $"'{Path("train")}': 4 files of other kinds are left out: 2 .avif, 1 without a suffix, 1 .txt.",
            $"'{Path("train")}': 1 image lies in no class folder and is left out, such as loose.png.");
    }

    [Theory]
    [InlineData("photos/train/ant/1.png", "photos/train/bee/1.png", "photos")]
    [InlineData("photos/ant/1.png", "photos/bee/1.png", "photos")]
    [InlineData("a/b/c/train/ant/1.png", "a/b/c/train/bee/1.png", "a/b/c")]
    public void A_folder_one_level_too_high_is_read_and_that_is_said(string first, string second, string read)
    {
        Write(first, second, "__MACOSX/x/1.png");

        var source = Open(DataSplit.Train);
        source.ClassNames.Should().Equal("ant", "bee");
        source.Warnings.Should().Contain($"'{_folder.Path}': the data set in it is read, '{Path(read)}'.");
    }

    [Fact]
    public void A_class_of_folders_stays_a_class_where_others_lie_beside_it_or_it_is_known()
    {
        Write("ant/2019/1.png", "ant/2020/1.png");
        ImageSources.Open(_folder.Path, DataSplit.Test, new() { ClassNames = ["ant", "bee"] }).Count.Should().Be(2);
        Write("bee/1.png");
        Open(DataSplit.Train).ClassNames.Should().Equal("ant", "bee");
    }

    [Fact]
    public void The_only_data_set_further_down_is_read_and_several_are_named()
    {
        WriteIdx("MNIST/raw");
        Open(DataSplit.Train).Should().BeOfType<IdxSource>().Which.Warnings.Should().ContainSingle().Which.Should().Contain(Path("MNIST/raw"));

        WriteIdx("FashionMNIST/raw");
        FluentActions.Invoking(() => Open(DataSplit.Train)).Should().Throw<TweedieException>()
            .WithMessage($"*holds 2 data sets; give the folder of one of them: {Path("FashionMNIST/raw")}, {Path("MNIST/raw")}.");
    }

    [Fact]
    public void Several_sets_of_idx_files_in_a_folder_are_named_and_a_file_with_its_archive_counts_once()
    {
        WriteIdx("", "emnist-letters-train");
        _folder.Write("emnist-letters-train-images-idx3-ubyte.gz", 1);
        Open(DataSplit.Train).Count.Should().Be(2);

        WriteIdx("", "emnist-digits-train");
        FluentActions.Invoking(() => Open(DataSplit.Train)).Should().Throw<TweedieException>().WithMessage("*several sets of images: emnist-digits-train*, emnist-letters-train*give the file of one of them.");
    }

    [Fact]
    public void The_python_version_of_cifar_is_named_as_what_it_is()
    {
        foreach (var name in new[] { "cifar-10-batches-py/batches.meta", "cifar-10-batches-py/data_batch_1", "cifar-10-batches-py/test_batch" })
            _folder.Write(name, 1);
        FluentActions.Invoking(() => Open(DataSplit.Train)).Should().Throw<TweedieException>()
            .WithMessage("*cifar-10-batches-py' holds the Python version of CIFAR-10 (pickled objects)*fetch the binary version, cifar-10-binary.tar.gz*");
    }

    [Fact]
    public void Shards_lie_in_a_repository_or_in_folders_of_their_split_and_missing_ones_are_named()
    {
        WriteShard("data/train-00000-of-00003.parquet", "ant", "bee");
        WriteShard("data/train-00002-of-00003.parquet", "ant");
        WriteShard("data/Validation-00000-of-00001.parquet", "bee");
        WriteShard("data/more.parquet", "bee");

        var train = Open(DataSplit.Train);
        train.Count.Should().Be(3);
        train.Warnings.Should().Contain($"'{Path("data")}': 1 of the 3 shards of train is not here: train-00001-of-00003.")
            .And.Contain($"'{Path("data")}': 1 Parquet file whose name says no split is not used, such as more.parquet.");
        Open(DataSplit.Test).Count.Should().Be(1);

        using var other = new TemporaryFolder();
        Directory.CreateDirectory(System.IO.Path.Combine(other.Path, "default", "train"));
        SmallShard.Write(System.IO.Path.Combine(other.Path, "default", "train", "0000.parquet"), "image", true, [("label", ["ant", "bee"])]);
        ImageSources.Open(other.Path, DataSplit.Train).Count.Should().Be(2);
        ImageSources.HasTestSplit(other.Path).Should().BeFalse();
    }

    [Fact]
    public void Shards_whose_names_say_no_split_are_the_whole()
    {
        WriteShard("0000.parquet", "ant", "bee");

        Open(DataSplit.Train).Count.Should().Be(2);
        Open(DataSplit.Test).Count.Should().Be(2);
        ImageSources.HasTestSplit(_folder.Path).Should().BeFalse();
    }

    [Fact]
    public void A_description_in_parquet_beside_class_folders_is_no_shard()
    {
        Write("train/ant/1.png", "train/bee/1.png");
        WriteShard("train/metadata.parquet", "ant");
        WriteShard("table.parquet", "ant");

        Open(DataSplit.Train).ClassNames.Should().Equal("ant", "bee");
        Open(DataSplit.Train).Warnings.Should().HaveCount(2).And.OnlyContain(warning => warning.Contains("1 .parquet"));
    }

    [Fact]
    public void Links_are_not_followed_in_circles()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege on Windows");
        Write("train/ant/1.png", "train/bee/1.png");
        foreach (var (place, target) in new[] { ("train/train", "."), ("train/images", "."), ("train/ant/up", ".."), ("train/bee/top", "../.."), ("loop", ".") })
            Directory.CreateSymbolicLink(Path(place), target);

        var source = Open(DataSplit.Train);
        source.ClassNames.Should().Equal("ant", "bee");
        source.Count.Should().Be(2);
        source.Warnings.Should().Contain($"'{Path("train")}': 4 links to folders are not followed, such as images.");
    }

    [Fact]
    public void Listing_ends_when_it_is_cancelled()
    {
        Write("train/ant/1.png", "train/bee/1.png");
        _folder.Write("captions_train.json", """{"images": [{"id": 1, "file_name": "ant/1.png"}], "annotations": [{"image_id": 1, "caption": "an ant"}]}"""u8);
        using var stop = new CancellationTokenSource();
        stop.Cancel();

        FluentActions.Invoking(() => ImageSources.Open(_folder.Path, DataSplit.Train, cancellation: stop.Token)).Should().Throw<OperationCanceledException>();
        FluentActions.Invoking(() => ImageSources.HasTestSplit(_folder.Path, stop.Token)).Should().Throw<OperationCanceledException>();
        FluentActions.Invoking(() => new ImageFolderSource(Path("train"), cancellation: stop.Token)).Should().Throw<OperationCanceledException>();
        FluentActions.Invoking(() => new CocoCaptionSource(Path("captions_train.json"), Path("train"), cancellation: stop.Token)).Should().Throw<OperationCanceledException>();
        FluentActions.Invoking(() => CaptionSources.Recognizes(_folder.Path, stop.Token)).Should().Throw<OperationCanceledException>();
    }

    private string Path(string relative) => System.IO.Path.Combine(_folder.Path, relative);

    private void Write(params string[] names)
    {
        foreach (var name in names)
            _folder.Write(name, _png);
    }

    private void WriteIdx(string folder, string name = "train")
    {
        _folder.Write(System.IO.Path.Combine(folder, $"{name}-images-idx3-ubyte"), Encoded.Idx(2051, [2, 2, 2], new byte[8]));
        _folder.Write(System.IO.Path.Combine(folder, $"{name}-labels-idx1-ubyte"), Encoded.Idx(2049, [2], [0, 1]));
    }

    private void WriteShard(string name, params object?[] labels)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path(name))!);
        SmallShard.Write(Path(name), "image", true, [("label", labels)]);
    }

    private IImageSource Open(DataSplit split) => ImageSources.Open(_folder.Path, split);
}
