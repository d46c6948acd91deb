using Tweedie.Images;

namespace Tweedie.Tests.Data;

/// <summary>The validation split: a part beside a train and a test part, which models are chosen on.</summary>
public sealed class ValidationSplitTests : IDisposable
{
    private static readonly (string Part, int Images)[] _parts = [("train", 6), ("val", 3), ("test", 1)];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("folders")]
    [InlineData("parquet")]
    [InlineData("idx")]
    [InlineData("coco")]
    [InlineData("parquet captions")]
    [InlineData("shapes:count=6,val=3,test=1,size=16")]
    [InlineData("scenes:count=6,val=3,test=1,size=32")]
    public void Data_of_every_kind_serve_it_and_a_training_can_hold_it_out(string kind)
    {
        var data = Write(kind);
        var isCaptioned = kind is "coco" or "parquet captions" || kind.StartsWith("scenes", StringComparison.Ordinal);
        IImageSource Open(DataSplit split) => isCaptioned ? CaptionSources.Open(data, split) : ImageSources.Open(data, split);

        Open(DataSplit.Train).Count.Should().Be(6);
        Open(DataSplit.Test).Count.Should().Be(1);
        var validation = Open(DataSplit.Validation);

        validation.Count.Should().Be(3);
        validation.Warnings.Should().BeEmpty();
        var (train, held, warnings) = Splits(data, isCaptioned, new DataOptions { HoldoutFrom = HoldoutSource.Validation });
        (train.Count, held!.Count).Should().Be((6, 3));
        Contents(held).Should().Equal(Contents(validation));
        Contents(validation).Should().NotIntersectWith(Contents(Open(DataSplit.Test)));
        warnings.Should().BeEmpty("the validation part is used");
        var isGenerated = kind.Contains(':');
        Splits(data, isCaptioned, new DataOptions { Holdout = 2 }).Warnings.Any(warning => warning.Contains("data.holdoutFrom: validation")).Should().Be(!isGenerated);
    }

    [Fact]
    public void A_number_of_its_images_can_be_held_out_whatever_the_limit()
    {
        var data = Write("folders");
        var options = new DataOptions { HoldoutFrom = HoldoutSource.Validation, Holdout = 2 };

        var (train, held, _) = Splits(data, false, options);
        var (few, same, _) = Splits(data, false, options with { Limit = 4 });

        (train.Count, few.Count).Should().Be((6, 4));
        held!.Count.Should().Be(2);
        Contents(same!).Should().Equal(Contents(held));
        Enumerable.Range(0, 2).Select(held.GetLabel).Should().BeEquivalentTo([0, 1], "the classes have their share, and the numbers of the training images");
        FluentActions.Invoking(() => Splits(data, false, options with { Holdout = 4 })).Should().Throw<TweedieException>().WithMessage("data.holdout = 4: '*val' has 3 images*");
    }

    [Theory]
    [InlineData("train", "val")]
    [InlineData("train", "test")]
    [InlineData("train")]
    public void Where_there_is_no_val_part_beside_a_test_part_there_is_none(params string[] parts)
    {
        foreach (var kind in new[] { "folders", "parquet", "coco" })
        {
            var data = Write(kind, parts);
            Refused(() => Splits(data, kind == "coco", new DataOptions { HoldoutFrom = HoldoutSource.Validation })).Should().StartWith("data.holdoutFrom = validation: ").And.Contain("no validation split");
            if (parts.Contains("val"))
                (kind == "coco" ? CaptionSources.Open(data, DataSplit.Test) : ImageSources.Open(data, DataSplit.Test)).Count.Should().Be(3, "alone, it is the test split");
        }
    }

    [Fact]
    public void A_val_part_that_stands_for_an_unlabelled_test_part_is_the_test_split()
    {
        foreach (var name in new[] { "train/ant/1.png", "train/bee/1.png", "test/1.png", "val/bee/1.png" })
            _folder.Write($"contest/{name}", Png(1));
        var shards = Path.Combine(_folder.Path, "shards");
        Directory.CreateDirectory(shards);
        foreach (var (part, label) in new[] { ("train", "1"), ("val", "1"), ("test", "-1") })
            EnrichedShard.Write(Path.Combine(shards, $"{part}.parquet"), [new(Png(1), label)], groupSize: 1);

        foreach (var data in new[] { Path.Combine(_folder.Path, "contest"), shards })
            Refused(() => ImageSources.Open(data, DataSplit.Validation)).Should().Contain("without labels");
        ImageSources.Open(shards, DataSplit.Validation, new() { NeedsLabels = false }).Count.Should().Be(1);
        ImageSources.Open(shards, DataSplit.Test).Warnings.Should().NotContain(warning => warning.Contains("not used"));
        foreach (var split in new[] { DataSplit.Train, DataSplit.Test })
            ImageSources.Open(Path.Combine(_folder.Path, "contest"), split).Warnings.Should().NotContain(warning => warning.Contains("not used"));
    }

    [Fact]
    public void Files_and_other_generated_images_have_none()
    {
        var file = Path.Combine(Write("parquet"), "train.parquet");
        ImageSources.Register("two-splits", (_, split) => split == DataSplit.Validation ? throw new InvalidOperationException() : new ShapeSource(2, 16));
        ImageSources.Register("three-splits", (_, split) => new ShapeSource(split == DataSplit.Validation ? 3 : 2, 16), hasValidation: true);

        Refused(() => ImageSources.Open(file, DataSplit.Validation)).Should().Contain("single files");
        Refused(() => ImageSources.Open(Path.Combine(_folder.Path, "*.parquet"), DataSplit.Validation)).Should().Contain("single files");
        Refused(() => ImageSources.Open("two-splits", DataSplit.Validation)).Should().Contain("two-splits");
        ImageSources.Open("three-splits", DataSplit.Validation).Count.Should().Be(3);
    }

    [Theory]
    [InlineData("Train", DataSplit.Train)]
    [InlineData("val", DataSplit.Validation)]
    [InlineData("validation", DataSplit.Validation)]
    [InlineData("testing", DataSplit.Test)]
    [InlineData("holdout", null)]
    public void Splits_are_found_by_the_names_of_folders(string name, DataSplit? split) => ImageSources.FindSplit(name).Should().Be(split);

    private static (IImageSource Train, IImageSource? Held, IReadOnlyList<string> Warnings) Splits(string data, bool isCaptioned, DataOptions options)
    {
        options = options with { Train = data };
        if (!isCaptioned)
            return ImageSplits.Open(options, seed: 1) is var labelled ? (labelled.Train, labelled.Held, labelled.Warnings) : default;
        var captioned = CaptionSplits.Open(options, seed: 1);
        return (captioned.Train, captioned.Held, captioned.Warnings);
    }

    private static string[] Contents(IImageSource source) => [.. Enumerable.Range(0, source.Count).Select(index => Convert.ToHexString(source.Read(index).Pixels))];

    private static string Refused(Action open)
    {
        var message = open.Should().Throw<TweedieException>().Which.Message;
        message.Should().NotContain("\n");
        return message;
    }

    private string Write(string kind, params string[] parts)
    {
        if (kind.Contains(':'))
            return kind;
        var folder = Path.Combine(kind, string.Join('-', parts));
        var place = 0;
        foreach (var (part, count) in _parts.Where(part => parts.Length == 0 || parts.Contains(part.Part)))
        {
            byte[][] images = [.. Enumerable.Range(place += 10, count).Select(Png)];
            if (kind.StartsWith("parquet", StringComparison.Ordinal))
            {
                Directory.CreateDirectory(Path.Combine(_folder.Path, folder));
                EnrichedShard.Write(Path.Combine(_folder.Path, folder, $"{part}.parquet"), [.. images.Select((image, i) => new EnrichedRow(image, $"{i % 2}", $"caption {i}"))], groupSize: 2);
            }
            else if (kind == "idx")
            {
                _folder.Write($"{folder}/{part}-images-idx3-ubyte", Encoded.Idx(2051, [count, 1, 2], [.. Enumerable.Range(place, 2 * count).Select(value => (byte)value)]));
                _folder.Write($"{folder}/{part}-labels-idx1-ubyte", Encoded.Idx(2049, [count], [.. Enumerable.Range(0, count).Select(i => (byte)(i % 2))]));
            }
            else
                foreach (var (i, image) in images.Index())
                    _folder.Write(kind == "coco" ? $"{folder}/{part}/{i}.png" : $"{folder}/{part}/{(i % 2 == 0 ? "ant" : "bee")}/{i}.png", image);
            if (kind == "coco")
                File.WriteAllText(Path.Combine(_folder.Path, folder, $"captions_{part}.json"), $$"""
                    {"images": [{{string.Join(',', images.Select((_, i) => $$"""{"id": {{i}}, "file_name": "{{i}}.png"}"""))}}],
                     "annotations": [{{string.Join(',', images.Select((_, i) => $$"""{"image_id": {{i}}, "caption": "caption {{i}}"}"""))}}]}
                    """);
        }
        return Path.Combine(_folder.Path, folder);
    }

    private static byte[] Png(int value) => Encoded.Image(Encoded.Plain(4, 4, (byte)value, 0, 0), ".png");
}
