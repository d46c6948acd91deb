using System.Text;
using ParquetSharp;
using Tweedie.Images;
using Tweedie.Text;

namespace Tweedie.Tests.Data.Texts;

/// <summary>Texts are found by folder, file or pattern; splits are found by name; nothing is left out in silence.</summary>
public sealed class TextSourcesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_is_read_in_the_order_of_its_paths()
    {
        Write("b.txt", "a/z.txt", "a/b.text", ".hidden.txt", "__MACOSX/c.txt");

        var source = TextSources.Open(_folder.Path);

        Documents(source).Should().Equal("a/b.text", "a/z.txt", "b.txt");
        source.Warnings.Should().BeEmpty();
    }

    [Theory]
    [InlineData("wiki.train.tokens", "wiki.valid.tokens", "wiki.test.tokens")]
    [InlineData("train/1.txt", "val/1.txt", "test/1.txt")]
    [InlineData("Train.txt", "validation.txt", "TEST.txt")]
    public void Splits_are_found_by_name(string train, string validation, string test)
    {
        Write(train, validation, test);

        Documents(TextSources.Open(_folder.Path)).Should().Equal(train);
        Documents(TextSources.Open(_folder.Path, DataSplit.Validation)).Should().Equal(validation);
        Documents(TextSources.Open(_folder.Path, DataSplit.Test)).Should().Equal(test);
    }

    [Fact]
    public void A_validation_part_alone_is_the_test_split()
    {
        Write("train.txt", "val.txt");

        Documents(TextSources.Open(_folder.Path, DataSplit.Test)).Should().Equal("val.txt");
        var open = () => TextSources.Open(_folder.Path, DataSplit.Validation);
        open.Should().Throw<TweedieException>().WithMessage("'*' has no validation split: no folder or file beside a training part is named val beside a test part; hold a share out instead.");
    }

    [Fact]
    public void Files_without_a_split_or_of_another_kind_are_counted()
    {
        Write("train.txt", "test.txt", "notes.txt", "README.md", "LICENSE");

        TextSources.Open(_folder.Path).Warnings.Should().Equal(
            $"'{_folder.Path}': 2 files of other kinds (no suffix, .md) left out.",
            $"'{_folder.Path}': 1 file left out because the name says no split, such as notes.txt.");
    }

    [Fact]
    public void A_pattern_and_a_single_file_may_have_any_suffix()
    {
        Write("b.md", "a.md", "c.txt");

        Documents(TextSources.Open(Path.Combine(_folder.Path, "*.md"))).Should().Equal("a.md", "b.md");
        Documents(TextSources.Open(Path.Combine(_folder.Path, "b.md"))).Should().Equal("b.md");
    }

    [Fact]
    public void JSON_lines_and_Parquet_are_read()
    {
        _folder.Write("json/a.jsonl", "{\"text\": \"one\"}\n{\"text\": \"two\"}\n"u8);
        var texts = Enumerable.Range(0, 1000).Select(row => row % 7 == 0 ? null : $"text {row} é").ToArray();
        WriteParquet("parquet/train.parquet", texts);

        Documents(TextSources.Open(Path.Combine(_folder.Path, "json"))).Should().Equal("one", "two");
        var parquet = TextSources.Open(Path.Combine(_folder.Path, "parquet"));
        Documents(parquet).Should().Equal(texts.Concat(texts).Select(text => text ?? ""));
        parquet.Read().Last().Origin.Should().Be($"{Path.Combine(_folder.Path, "parquet", "train.parquet")}, row 1999");
    }

    [Theory]
    [InlineData("title", "*train.parquet: Field = title names no field of text; there are text, other.")]
    [InlineData("number", "*train.parquet: Field = number names no field of text; there are text, other.")]
    public void A_column_that_is_not_there_is_refused(string column, string message)
    {
        WriteParquet("train.parquet", ["a"]);
        var read = () => Documents(TextSources.Open(_folder.Path, options: new TextSourceOptions { Field = column }));

        read.Should().Throw<TweedieException>().WithMessage(message);
    }

    [Fact]
    public void A_file_that_is_no_Parquet_is_refused()
    {
        _folder.Write("a.parquet", "no Parquet"u8);
        var read = () => Documents(TextSources.Open(_folder.Path));

        read.Should().Throw<TweedieException>().Where(error => !error.Message.Contains('\n')).WithMessage("'*a.parquet' cannot be read as Parquet: *");
    }

    [Fact]
    public void What_is_not_found_is_refused_with_the_way_out()
    {
        Write("mixed/a.txt", "mixed/b.jsonl", "other/a.md", "single.txt");
        Directory.CreateDirectory(Path.Combine(_folder.Path, "empty"));

        Error("mixed").Should().Match("'*mixed' holds files of several kinds (1 .txt, 1 .jsonl); name one kind by a pattern, as in '*.txt'.");
        Error("other").Should().Match("'*other' holds no texts (.txt, *); it has 1 file of other kinds (.md), which a pattern names, as in '*.md'.");
        Error("empty").Should().Match("'*empty' holds no texts (*); it has no files.");
        Error("absent").Should().Match("'*absent' is neither a folder nor a file with texts.");
        Error("*.text").Should().Match("No file is called '*.text'; only the last part of a path may have * and ?.");
        Error("single.txt", DataSplit.Test).Should().Match("'*single.txt' has no test split, because single files and patterns have no splits; *");
        Error("single.txt", options: new TextSourceOptions { Field = "text" }).Should().Match("'*single.txt': Field = text names a field of JSON lines or Parquet files, and these data are plain text; leave it out.");
    }

    private string Error(string name, DataSplit split = DataSplit.Train, TextSourceOptions? options = null)
    {
        var open = () => TextSources.Open(Path.Combine(_folder.Path, name), split, options);
        return open.Should().Throw<TweedieException>().Where(error => !error.Message.Contains('\n')).Which.Message;
    }

    // Each file's text is its name.
    private void Write(params string[] names)
    {
        foreach (var name in names)
            _folder.Write(name, System.Text.Encoding.UTF8.GetBytes(name));
    }

    private void WriteParquet(string name, string?[] texts)
    {
        var path = Path.Combine(_folder.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var file = new ParquetFileWriter(path, [new Column<int>("number"), new Column<string?>("text"), new Column<string>("other")]);
        for (var group = 0; group < 2; group++)
        {
            using var rows = file.AppendRowGroup();
            using (var numbers = rows.NextColumn().LogicalWriter<int>())
                numbers.WriteBatch(new int[texts.Length]);
            using (var column = rows.NextColumn().LogicalWriter<string?>())
                column.WriteBatch(texts);
            using (var column = rows.NextColumn().LogicalWriter<string>())
                column.WriteBatch([.. texts.Select(_ => "x")]);
        }
        file.Close();
    }

    private static string[] Documents(ITextSource source)
    {
        var documents = new List<string>();
        var text = new StringBuilder();
        foreach (var chunk in source.Read())
        {
            text.Append(chunk.Text);
            if (!chunk.EndsDocument)
                continue;
            documents.Add(text.ToString());
            text.Clear();
        }
        return [.. documents];
    }
}
