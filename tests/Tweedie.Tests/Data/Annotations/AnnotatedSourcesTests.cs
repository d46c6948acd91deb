using Tweedie.Images;

namespace Tweedie.Tests.Data;

public sealed class AnnotatedSourcesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_attributes_of_a_scene_are_what_it_shows()
    {
        var (scenes, source) = (new SceneSource(20, seed: GeneratedSettings.SeedOf(3, DataSplit.Train)), AnnotatedSources.Open("scenes:count=20,seed=3", DataSplit.Train));
        var row = new long[source.Columns.Count];

        source.Count.Should().Be(20);
        for (var index = 0; index < source.Count; index++)
        {
            source.ReadRow(index, row);
            var entries = source.Columns.Decode(row);
            var shown = source.Columns.Select((column, place) => (column.Name, Entry: entries[place])).Where(attribute => attribute.Entry != "none").ToList();
            shown.Should().BeEquivalentTo(scenes.GetScene(index).Objects.SelectMany(shape => new (string, string?)[]
            {
                ($"{shape.Place} shape", shape.Shape), ($"{shape.Place} color", shape.Color), ($"{shape.Place} size", $"{shape.Size}".ToLowerInvariant()),
            }));
        }
    }

    [Fact]
    public void A_table_names_the_files_and_what_cannot_be_used_is_named()
    {
        var table = Write("train.csv", "color,File_Name,size\nred,a.png,big\nblue,sub/b.png,small\nred,missing.png,big\n,a.png,small\n", "a.png", "sub/b.png");

        var source = AnnotatedSources.Open(table, DataSplit.Train);

        source.Count.Should().Be(2);
        source.Columns.Select(column => column.Name).Should().Equal("color", "size");
        Entries(source, 1).Should().Equal("blue", "small");
        source.Read(1).Width.Should().Be(3);
        source.Describe(0).Should().EndWith("a.png");
        source.Warnings.Should().Contain(warning => warning.Contains("1 of 4 rows lack an attribute"))
            .And.Contain(warning => warning.Contains("1 of 4 rows name no image file") && warning.Contains("missing.png"));
        source.StampOf(0).Should().NotBe(source.StampOf(1));
    }

    [Fact]
    public void Columns_and_the_column_of_files_can_be_chosen()
    {
        var table = Write("train.jsonl", """{"photo": "a.png", "color": "red", "size": "big", "note": "x"}""" + "\n", "a.png");

        var source = AnnotatedSources.Open(table, DataSplit.Train, new() { ImageColumn = "photo" }, ["size", "color"]);

        Entries(source, 0).Should().Equal("big", "red");
        source.Warnings.Should().ContainSingle().Which.Should().Contain("1 of 4 columns is not used: note");
    }

    [Fact]
    public void A_part_has_the_rows_of_its_images()
    {
        var source = AnnotatedSources.Open("scenes:count=5", DataSplit.Train);
        var part = new AnnotatedSubset(source, [4, 1]);

        Entries(part, 0).Should().Equal(Entries(source, 4));
        Entries(part, 1).Should().Equal(Entries(source, 1));
    }

    [Fact]
    public void The_held_out_part_shares_the_columns_of_the_training_part()
    {
        var data = new DataOptions { Train = "scenes:count=10,val=6", HoldoutFrom = HoldoutSource.Validation };

        var (train, held) = AnnotatedSources.Split(data, seed: 1);

        (train.Count, held!.Count).Should().Be((10, 6));
        held.Columns.Should().BeSameAs(train.Columns);
    }

    [Theory]
    [InlineData("color,size\nred,big\n", null, "none of its columns color, size is called file_name", "imageColumn")]
    [InlineData("file,color\na.png,red\n", "photo", "imageColumn = photo names no column", "file, color")]
    [InlineData("file,color\nb.png,red\n", null, "none of its 1 rows has both", "b.png")]
    public void A_mistake_is_named(string content, string? imageColumn, string first, string second)
    {
        var table = Write("train.csv", content, "a.png");

        FluentActions.Invoking(() => AnnotatedSources.Open(table, DataSplit.Train, new() { ImageColumn = imageColumn }))
            .Should().Throw<TweedieException>().WithMessage($"*{first}*").WithMessage($"*{second}*");
    }

    [Fact]
    public void Data_of_other_attributes_than_a_models_are_refused()
    {
        var scenes = AnnotatedSources.Open("scenes:count=2", DataSplit.Train);
        var table = AnnotatedSources.Open(Write("train.csv", "file,color\na.png,red\n", "a.png"), DataSplit.Train);

        FluentActions.Invoking(() => AnnotatedSources.Open("scenes:count=2", DataSplit.Train, model: table.Columns)).Should().Throw<TweedieException>().WithMessage("*the model has color*");
        FluentActions.Invoking(() => AnnotatedSources.Open(table.Name, DataSplit.Train, model: scenes.Columns)).Should().Throw<TweedieException>().WithMessage("*lacks the column 'TopLeft shape'*");
        FluentActions.Invoking(() => AnnotatedSources.Open("scenes:count=2", DataSplit.Train, columns: ["color"])).Should().Throw<TweedieException>().WithMessage("*no columns can be chosen*");
        FluentActions.Invoking(() => AnnotatedSources.Open("nowhere.csv", DataSplit.Train)).Should().Throw<TweedieException>().WithMessage("*'nowhere.csv'*");
    }

    private static string?[] Entries(IAnnotatedSource source, int index)
    {
        var row = new long[source.Columns.Count];
        source.ReadRow(index, row);
        return source.Columns.Decode(row);
    }

    private string Write(string name, string content, params string[] images)
    {
        foreach (var image in images)
            _folder.Write(image, ImageWriter.ToPng(new RasterImage(3, 2, 3, new byte[18])));
        return _folder.Write(name, System.Text.Encoding.UTF8.GetBytes(content));
    }
}
