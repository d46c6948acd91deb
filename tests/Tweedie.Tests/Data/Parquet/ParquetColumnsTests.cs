using Tweedie.Images;

namespace Tweedie.Tests.Data;

public sealed class ParquetColumnsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("image", true, "label")]
    [InlineData("img", true, "fine_label")]
    [InlineData("jpg", false, "cls")]
    [InlineData("Image", false, "Labels")]
    [InlineData("photograph_of_it", true, "class")]
    public void Columns_are_found_by_their_usual_names_and_images_by_their_struct(string image, bool isStruct, string label)
    {
        Write("a.parquet", image, isStruct, (label, [1, 0, 1]), ("id", [7, 8, 9]));

        var source = Open("a.parquet");
        Enumerable.Range(0, 3).Select(source.GetLabel).Should().Equal(1, 0, 1);
        source.Read(2).Pixels[0].Should().Be(2);
    }

    [Fact]
    public void Without_labels_the_columns_are_listed_and_the_way_out_is_named_as_the_caller_knows_it()
    {
        Write("a.parquet", "image", true, ("species", ["ant", "bee"]));

        var error = FluentActions.Invoking(() => Open("a.parquet")).Should().Throw<TweedieException>().Which;
        error.Message.Should().EndWith("a.parquet' has no column of labels under a usual name; it has image.bytes, image.path, species. Name it by data.labelColumn.");
        error.MessageIn(name => $"--{name.Member}").Should().EndWith("Name it by --LabelColumn.");
        Open("a.parquet", new() { LabelColumn = "species" }).ClassNames.Should().Equal("ant", "bee");
        Open("a.parquet", new() { NeedsLabels = false }).ClassNames.Should().BeEmpty();
        FluentActions.Invoking(() => Open("a.parquet", new() { LabelColumn = "kind" })).Should().Throw<TweedieException>()
            .WithMessage("*data.labelColumn = kind names no column of labels, one per row; it has image.bytes, image.path, species.");
        FluentActions.Invoking(() => Open("a.parquet", new() { ImageColumn = "species" })).Should().Throw<TweedieException>().WithMessage("*data.imageColumn = species names no column of images*");
    }

    [Fact]
    public void Where_several_columns_may_be_meant_one_has_to_be_chosen()
    {
        Write("a.parquet", "image", true, ("label", [0, 1]), ("class", ["ant", "bee"]));

        FluentActions.Invoking(() => Open("a.parquet")).Should().Throw<TweedieException>()
            .WithMessage("*a.parquet' has several columns that may hold labels: label, class; choose one by data.labelColumn.");
        Open("a.parquet", new() { LabelColumn = "class" }).ClassNames.Should().Equal("ant", "bee");
        Open("a.parquet", new() { NeedsLabels = false }).Count.Should().Be(2);
    }

    [Fact]
    public void A_text_is_a_name_and_a_number_a_number()
    {
        Write("text.parquet", "image", true, ("label", ["2", "J", "10", "", null]));
        Write("number.parquet", "image", true, ("label", [10, 2, -1, null]));
        Write("pandas.parquet", "image", true, ("label", [2.0, null, double.NaN, 1.0]));
        Write("broken.parquet", "image", true, ("label", [0.5, 1.0]));

        Open("text.parquet").ClassNames.Should().Equal("10", "2", "J");
        Labels("text.parquet").Should().Equal("2", "J", "10", null, null);
        Open("number.parquet").ClassNames.Should().Equal("2", "10");
        Labels("number.parquet").Should().Equal("10", "2", null, null);
        Labels("pandas.parquet").Should().Equal("2", null, null, "1");
        FluentActions.Invoking(() => Open("broken.parquet")).Should().Throw<TweedieException>().WithMessage("*label holds 0.5, which is no whole number");
    }

    [Fact]
    public void Names_of_the_metadata_hold_for_texts_too()
    {
        SmallShard.Write(Path("a.parquet"), "image", true, [("label", ["A", "2"])], ("label", ["1", "2", "A"]));
        SmallShard.Write(Path("b.parquet"), "image", true, [("label", ["A", "X"])], ("label", ["1", "2", "A"]));

        Open("a.parquet").ClassNames.Should().Equal("1", "2", "A");
        Labels("a.parquet").Should().Equal("A", "2");
        FluentActions.Invoking(() => Open("b.parquet")).Should().Throw<TweedieException>().WithMessage("*b.parquet, row 1 has the label 'X', which is none of the 3 classes that the file names.");
    }

    [Fact]
    public void Shards_are_matched_by_the_names_that_each_gives_its_numbers()
    {
        SmallShard.Write(Path("train-0.parquet"), "image", true, [("label", [0, 1])], ("label", ["ant", "bee"]));
        SmallShard.Write(Path("train-1.parquet"), "image", true, [("label", [0, 1, 2])], ("label", ["bee", "ant", "cow"]));
        Labels("train-*.parquet").Should().Equal("ant", "bee", "bee", "ant", "cow");
        Open("train-*.parquet").ClassNames.Should().Equal("ant", "bee", "cow");

        Write("train-2.parquet", "image", true, ("label", [0]));
        FluentActions.Invoking(() => Open("train-*.parquet")).Should().Throw<TweedieException>().WithMessage("*train-2.parquet numbers its classes and *train-0.parquet names them*");
    }

    [Fact]
    public void Two_classes_of_one_name_stay_two()
    {
        SmallShard.Write(Path("a.parquet"), "image", true, [("label", [2, 0, 1])], ("label", ["crane", "ant", "crane"]));

        Labels("a.parquet").Should().Equal("crane (2)", "crane", "ant");
        Enumerable.Range(0, 3).Select(Open("a.parquet").GetLabel).Should().Equal(2, 0, 1);
    }

    [Fact]
    public void Rows_without_a_label_are_counted()
    {
        Write("a.parquet", "image", true, ("label", ["ant", null, "bee", null]));
        Open("a.parquet").Warnings.Should().ContainSingle().Which.Should().Contain("2 of 4 rows have no label, such as ").And.Contain("row 1");
    }

    [Fact]
    public void Captions_are_found_by_their_usual_names_or_named()
    {
        Write("a.parquet", "image", true, ("caption", ["an ant", "a bee"]));
        Write("b.parquet", "image", true, ("words", ["an ant", "a bee"]));

        CaptionSources.Open(Path("a.parquet"), DataSplit.Train).GetCaptions(1).Should().Equal("a bee");
        CaptionSources.Open(Path("b.parquet"), DataSplit.Train, new() { CaptionColumn = "words" }).GetCaptions(0).Should().Equal("an ant");
        FluentActions.Invoking(() => CaptionSources.Open(Path("b.parquet"), DataSplit.Train)).Should().Throw<TweedieException>().WithMessage("*no column of captions*data.captionColumn.");
    }

    private string Path(string name) => System.IO.Path.Combine(_folder.Path, name);

    private void Write(string name, string image, bool isStruct, params (string Name, object?[] Values)[] columns) => SmallShard.Write(Path(name), image, isStruct, columns);

    private IImageSource Open(string name, ImageSourceOptions? options = null) => ImageSources.Open(Path(name), DataSplit.Train, options);

    private List<string?> Labels(string name)
    {
        var source = Open(name);
        return [.. Enumerable.Range(0, source.Count).Select(index => source.HasLabel(index) ? source.ClassNames[source.GetLabel(index)] : null)];
    }
}
