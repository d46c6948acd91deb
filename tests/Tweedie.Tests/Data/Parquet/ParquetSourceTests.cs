using Tweedie.Images;
using Tweedie.Tensors;

namespace Tweedie.Tests.Data;

public sealed class ParquetSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Images_labels_and_captions_keep_their_rows_whatever_is_null()
    {
        // Rows are null in every way, by turns of different lengths, which do not fit the lengths of groups and shards.
        var rows = Enumerable.Range(0, 60).Select(i => new EnrichedRow(
            i % 7 is 3 or 4 ? null : Png(i), i % 5 == 0 ? null : $"{i % 3}", i % 4 == 1 ? null : $"caption {i}", HasStruct: i % 7 != 3)).ToList();
        EnrichedShard.Write(Shard("train-0.parquet"), rows[..25], groupSize: 10);
        EnrichedShard.Write(Shard("train-1.parquet"), rows[25..], groupSize: 16);
        var source = ImageSources.Open(Shard("train-*.parquet"), DataSplit.Train).Should().BeOfType<ParquetSource>().Subject;

        source.Count.Should().Be(60);
        source.BlockStarts.Should().Equal(0, 10, 20, 25, 41, 57);
        source.ClassNames.Should().Equal("0", "1", "2");
        foreach (var (i, row) in rows.Index())
        {
            source.GetCaptions(i).Should().Equal(row.Caption is null ? [] : [row.Caption]);
            if (row.Image is null)
                FluentActions.Invoking(() => source.Read(i)).Should().Throw<TweedieException>().WithMessage($"'{Where(i)}' cannot be read as an image: image.bytes is null or empty{(row.HasStruct ? ", and the row only names the file*" : "")}.");
            else
                source.Read(i).Pixels[0].Should().Be((byte)i);
            if (row.Label is null)
                FluentActions.Invoking(() => source.GetLabel(i)).Should().Throw<TweedieException>().WithMessage($"{Where(i)} has no label.");
            else
                source.GetLabel(i).Should().Be(i % 3);
        }

        string Where(int i) => i < 25 ? $"{Shard("train-0.parquet")}, row {i}" : $"{Shard("train-1.parquet")}, row {i - 25}";
    }

    [Fact]
    public void Classes_are_named_by_the_metadata_or_the_labels()
    {
        const string HuggingFace = """{"info": {"features": {"label": {"names": ["tench", "goldfish", "shark"], "_type": "ClassLabel"}}}}""";
        EnrichedShard.Write(Shard("a.parquet"), Rows("1", "0"), groupSize: 2, huggingFace: HuggingFace);
        EnrichedShard.Write(Shard("b.parquet"), Rows("shark", "goldfish", null), groupSize: 2, numbered: false);

        Open("a.parquet").ClassNames.Should().Equal("tench", "goldfish", "shark");
        Open("a.parquet").GetLabel(0).Should().Be(1);
        Open("b.parquet").ClassNames.Should().Equal("goldfish", "shark");
        Open("b.parquet").GetLabel(0).Should().Be(1);
        var asInTraining = ImageSources.Open(Shard("b.parquet"), DataSplit.Test, new ImageSourceOptions { ClassNames = ["goldfish", "tench", "shark"] });
        asInTraining.GetLabel(0).Should().Be(2);
        var withoutShark = ImageSources.Open(Shard("b.parquet"), DataSplit.Test, new ImageSourceOptions { ClassNames = ["tench", "goldfish"] });
        Enumerable.Range(0, withoutShark.Count).Where(withoutShark.HasLabel).Select(withoutShark.GetLabel).Should().Equal(1);
        withoutShark.Warnings.Should().Contain(warning => warning.Contains("1 of 3 images are left out") && warning.Contains("shark (1)"));
    }

    [Fact]
    public void Rows_without_any_label_have_no_class()
    {
        EnrichedShard.Write(Shard("a.parquet"), Rows("-1", null), groupSize: 2); // Hugging Face's test sets have -1
        Open("a.parquet").ClassNames.Should().BeEmpty();
        Open("a.parquet").HasLabel(0).Should().BeFalse();
        FluentActions.Invoking(() => Open("a.parquet").GetLabel(1)).Should().Throw<TweedieException>().WithMessage("*row 1 has no label.");
    }

    [Fact]
    public void A_row_without_a_label_is_a_bad_image_where_labels_are_read_and_as_good_as_any_where_none_are()
    {
        EnrichedShard.Write(Shard("a.parquet"), Rows([.. Enumerable.Range(0, 20).Select(i => i == 7 ? null : $"{i % 2}")]), groupSize: 5);
        var source = Open("a.parquet");
        var evaluation = new ImageLoaderOptions { BatchSize = 10, MaxBadShare = 0.05 };

        Enumerable.Range(0, 20).Where(index => !source.HasLabel(index)).Should().Equal(7);
        Indices(evaluation).Should().Equal(Enumerable.Range(0, 20).Where(index => index != 7));
        Indices(evaluation with { DropLast = true }).Should().HaveCount(20).And.NotContain(7);
        Indices(evaluation with { MaxBadShare = 0 }, (_, _) => new long[] { 1 }).Should().Equal(Enumerable.Range(0, 20));
        FluentActions.Invoking(() => Indices(evaluation with { MaxBadShare = 0 })).Should().Throw<TweedieException>().WithMessage("*a.parquet, row 7 has no label.");
        var (train, held) = Holdout.Split(source, 8, seed: 1);
        (train.Count, held.Count).Should().Be((12, 8));

        List<int> Indices(ImageLoaderOptions options, TargetRow? targets = null)
        {
            var indices = new List<int>();
            foreach (var batch in new ImageLoader(source, new Compose(), Normalization.Default(3), options, targets).Epoch(0))
            {
                using (batch)
                    indices.AddRange(batch.Indices);
            }

            return indices;
        }
    }

    [Fact]
    public void A_test_part_without_labels_is_passed_over_where_labels_are_needed_and_another_part_has_them()
    {
        EnrichedShard.Write(Shard("train-0.parquet"), Rows("0", "1"), groupSize: 1);
        EnrichedShard.Write(Shard("test-0.parquet"), Rows("-1", "-1", null), groupSize: 1);
        var options = new ImageSourceOptions { ClassNames = ["ant", "bee"] };
        FluentActions.Invoking(() => ImageSources.Open(_folder.Path, DataSplit.Test, options)).Should().Throw<TweedieException>().WithMessage("*none of its 3 images has a label.");
        EnrichedShard.Write(Shard("validation-0.parquet"), Rows("1"), groupSize: 1);

        ImageSources.Open(_folder.Path, DataSplit.Test, options).Count.Should().Be(1);
        ImageSources.Open(_folder.Path, DataSplit.Test, options with { NeedsLabels = false }).Count.Should().Be(3);
    }

    [Fact]
    public void A_folder_of_shards_has_the_splits_that_their_names_tell()
    {
        EnrichedShard.Write(Shard("train-00000-of-00002.parquet"), Rows("0", "1"), groupSize: 1);
        EnrichedShard.Write(Shard("train-00001-of-00002.parquet"), Rows("1"), groupSize: 1);
        ImageSources.HasTestSplit(_folder.Path).Should().BeFalse();
        EnrichedShard.Write(Shard("validation-00000-of-00001.parquet"), Rows("0"), groupSize: 1);

        ImageSources.HasTestSplit(_folder.Path).Should().BeTrue();
        ImageSources.Open(_folder.Path, DataSplit.Train).Count.Should().Be(3);
        ImageSources.Open(_folder.Path, DataSplit.Test).Count.Should().Be(1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Training_visits_every_row_once_the_same_for_any_number_of_workers(int workers)
    {
        EnrichedShard.Write(Shard("a.parquet"), [.. Enumerable.Range(0, 200).Select(i => new EnrichedRow(Png(i), "0"))], groupSize: 7);
        var expected = Batches(workers: 0);

        Batches(workers).Should().Equal(expected);
        expected.SelectMany(batch => batch.Split(' ')[0].Split(',')).Distinct().Should().HaveCount(200);

        List<string> Batches(int workers)
        {
            var contents = new List<string>();
            var options = new ImageLoaderOptions { BatchSize = 20, Shuffle = true, Workers = workers };
            foreach (var batch in new ImageLoader(Open("a.parquet"), new RandomResizedCrop(8), Normalization.Default(3), options).Epoch(0))
            {
                using (batch)
                    contents.Add($"{string.Join(',', batch.Indices)} {Convert.ToHexString(batch.Tensors().Images.bytes)}");
            }

            return contents;
        }
    }

    [Fact]
    public void What_is_no_such_file_is_named()
    {
        EnrichedShard.Write(Shard("a.parquet"), Rows("0"), groupSize: 1);
        var bytes = File.ReadAllBytes(Shard("a.parquet"));
        _folder.Write("half.parquet", bytes.AsSpan(0, bytes.Length / 2));
        _folder.Write("text.parquet", "text"u8.ToArray());
        foreach (var name in new[] { "half.parquet", "text.parquet" })
        {
            FluentActions.Invoking(() => Open(name)).Should().Throw<TweedieException>()
                .WithMessage($"'{Shard(name)}' cannot be read as Parquet: *").Which.Message.Should().NotContain("\n");
        }

        FluentActions.Invoking(() => ImageSources.Open(Shard("b*.parquet"), DataSplit.Train)).Should().Throw<TweedieException>().WithMessage("No file is called '*b?.parquet'*");
    }

    public void Dispose() => _folder.Dispose();

    private static byte[] Png(int value) => Encoded.Image(Encoded.Plain(16, 16, (byte)value, 0, 0), ".png");

    private static List<EnrichedRow> Rows(params string?[] labels) => [.. labels.Select(label => new EnrichedRow(Png(0), label))];

    private string Shard(string name) => Path.Combine(_folder.Path, name);

    private ParquetSource Open(string name) => (ParquetSource)ImageSources.Open(Shard(name), DataSplit.Train);
}
