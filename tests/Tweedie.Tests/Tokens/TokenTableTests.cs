using System.IO.Compression;
using System.Text;
using CsCheck;
using Tweedie.Tokens;

namespace Tweedie.Tests.Tokens;

/// <summary>Tables of categories are read from CSV and JSON lines, with a vocabulary per column; mistakes are named with file, line, column and value.</summary>
public sealed class TokenTableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("t.csv", "colour,size\nred,10\n,9\nblue,\n")]
    [InlineData("t.csv", "\uFEFFcolour;size\r\nred;10\r\n;9\r\n\r\nblue;\r\n")]
    [InlineData("t.tsv", "colour\tsize\nred\t10\n\t9\n\"blue\"\t\"\"")]
    [InlineData("t.jsonl", "{\"colour\": \"red\", \"size\": 10}\n\n{\"size\": 9, \"colour\": null}\n{\"colour\": \"blue\", \"size\": \"\"}\n")]
    public void Each_column_has_its_vocabulary_and_empty_cells_are_missing(string file, string content)
    {
        var table = Read(file, content);

        table.Columns.Select(column => (column.Name, string.Join('|', column.Entries))).Should().Equal(("colour", "blue|red"), ("size", "9|10"));
        (table.Count, table.Length, table.VocabularySize, table.HasKnown).Should().Be((3, 2, 2, false));
        Rows(table).Should().Equal("1 1", "-1 0", "0 -1");
        table.Warnings.Should().Equal("2 of 6 tokens are unknown.");
    }

    [Fact]
    public void Any_cells_come_back() =>
        Gen.OneOfConst("a", "\"", ",", ";", "\n", "é", "x y", "''", " ").Array[1, 4].Select(string.Concat).Array[3].Array[1, 6].Sample(rows =>
        {
            var csv = "first,second,third\n" + string.Concat(rows.Select(row => string.Join(',', row.Select(cell => $"\"{cell.Replace("\"", "\"\"")}\"")) + "\r\n"));
            var table = Read("t.csv", csv);
            Rows(table).Index().Select(row => string.Join('|', table.Columns.Decode([.. row.Item.Split(' ').Select(long.Parse)]))).Should().Equal(rows.Select(row => string.Join('|', row)));
        }, iter: 100, threads: 1);

    [Fact]
    public void A_stated_symbol_is_unknown_and_columns_may_share_a_vocabulary()
    {
        var table = Read("t.csv", "a,b\nx,NA\ny,x\n", new TokenTableOptions { Unknown = "NA", SharedVocabulary = true });

        table.Columns.Should().OnlyContain(column => ReferenceEquals(column.Entries, table.Columns[0].Entries));
        Rows(table).Should().Equal("0 -1", "1 0");
    }

    [Fact]
    public void Columns_can_be_chosen_and_those_left_out_are_named()
    {
        var table = Read("t.csv", "id,a,b\n1,x,y\n2,y,z\n", new TokenTableOptions { Columns = ["B", "a"] });

        table.Columns.Select(column => column.Name).Should().Equal("b", "a");
        table.Warnings.Should().Equal($"{Path.Combine(_folder.Path, "t.csv")}: 1 of 3 columns is not used: id.");
    }

    [Fact]
    public void A_models_vocabulary_is_kept()
    {
        var model = new TokenColumns([new("b", ["y", "z", "w"]), new("a", ["x", "y"])]);
        var table = Read("t.csv", "a,b\nx,w\ny,y\n", new TokenTableOptions { Vocabulary = model });

        table.Columns.Should().BeSameAs(model);
        Rows(table).Should().Equal("2 0", "0 1");
    }

    [Fact]
    public void A_model_with_columns_of_usual_names_reads_them_as_columns()
    {
        var model = new TokenColumns([new("question", ["no", "yes"]), new("answer", ["1", "2"])]);

        Rows(Read("t.csv", "question,answer\nyes,2\nno,1\n", new TokenTableOptions { Vocabulary = model })).Should().Equal("1 1", "0 0");
    }

    [Theory]
    [InlineData("quizzes,solutions\n0104,2134\n2000,2134\n")]
    [InlineData("rating,Puzzle,Solution\n1,.1.4,2134\n2,2...,2134\n")]
    public void Problems_give_known_tokens_and_solutions_the_targets(string content)
    {
        var table = Read("t.csv", content);

        table.HasKnown.Should().BeTrue();
        table.Columns.Select(column => column.Name).Should().Equal("1", "2", "3", "4");
        Rows(table).Should().Equal("1 0 2 3", "1 0 2 3");
        Known(table).Should().Equal(".x.x", "x...");
        table.Warnings[0].Should().Contain("each cell is a row of tokens: problems in").And.Contain("solutions in");
    }

    [Fact]
    public void Problems_may_be_lists_in_JSON_lines()
    {
        var table = Read("t.jsonl", "{\"problem\": [null, \"ab\", 7], \"solution\": [\"cd\", \"ab\", 7]}\n");

        table.Columns[0].Entries.Should().Equal("7", "ab", "cd");
        Rows(table).Should().Equal("2 1 0");
        Known(table).Should().Equal(".xx");
    }

    [Fact]
    public void Problems_without_solutions_have_missing_tokens()
    {
        var table = Read("t.csv", "quizzes\n1.3.\n", new TokenTableOptions { Problem = "quizzes", Vocabulary = new TokenColumns([.. "abcd".Select(name => new TokenColumn(name.ToString(), ["1", "2", "3"]))]) });

        Rows(table).Should().Equal("0 -1 2 -1");
        Known(table).Should().Equal("x.x.");
    }

    [Fact]
    public void Rows_without_problems_have_no_known_tokens()
    {
        var table = Read("t.csv", "solutions\n123\n3?1\n", new TokenTableOptions { Solution = "solutions", Unknown = "?" });

        table.HasKnown.Should().BeFalse();
        Rows(table).Should().Equal("0 1 2", "2 -1 0");
        Known(table).Should().Equal("...", "...");
    }

    [Theory]
    [InlineData("a,b\n1,2\n1\n", "t.csv, line 3: has 1 cells, and the first line names 2 columns.")]
    [InlineData("a,b\n\"1\"x,2\n", "t.csv, line 2: has 'x' after a closing quote; *")]
    [InlineData("a,b\n1,2\n\"1,2\n3,4\n", "t.csv, line 3: has a quote that is never closed.")]
    [InlineData("a,a\n1,2\n", "t.csv: has two columns 'a'; *")]
    [InlineData("a,b\n", "table: has no rows.")]
    [InlineData("a,b\n,1\n,2\n", "Column 'a' has no known value in any row; leave it out by Columns.")]
    [InlineData("quizzes,solutions\n01,21\n02,211\n", "t.csv, line 3, column 'solutions': has 3 tokens, and rows have 2.")]
    [InlineData("quizzes,solutions\n01,21\n0,21\n", "t.csv, line 3, column 'quizzes': has 1 tokens, and rows have 2.")]
    [InlineData("quizzes,solutions\n01,21\n32,12\n", "t.csv, line 3, column 'quizzes', token 1: is '3', and the solution has '1'; if it stands for an unknown token, name it by Unknown.")]
    [InlineData("quizzes,solutions\n00,21\n12,10\n", "t.csv, line 3, column 'quizzes', token 2: is '2', and the solution has '0'; *")]
    [InlineData("quizzes,solutions\n00,21\n10,10\n", "t.csv: '0' stands for unknown tokens in problems and is a token of solutions; use another symbol for unknown tokens, and name it by Unknown.")]
    public void A_wrong_table_is_refused(string content, string message)
    {
        var read = () => Read("t.csv", content);

        read.Should().Throw<TweedieException>().Where(error => !error.Message.Contains('\n'))
            .WithMessage(message.Replace("t.csv", Path.Combine(_folder.Path, "t.csv")));
    }

    [Theory]
    [InlineData("{\"a\": 1}\n{\"b\": 1}\n", "t.jsonl, line 2: has no field 'a', which the first line has; *")]
    [InlineData("{\"a\": 1}\n{\"a\": 1, \"b\": 1}\n", "t.jsonl, line 2: has the field 'b', which the first line has not.")]
    [InlineData("{\"a\": 1}\n{\"a\": {}}\n", "t.jsonl, line 2, column 'a': {} is no single value.")]
    [InlineData("{\"a\": 1}\n{\"a\": [1]}\n", "t.jsonl, line 2, column 'a': has a list in a cell that is one token; *")]
    [InlineData("\n", "t.jsonl: has no lines; *")]
    public void Wrong_JSON_lines_are_refused(string content, string message)
    {
        var read = () => Read("t.jsonl", content);

        read.Should().Throw<TweedieException>().Where(error => !error.Message.Contains('\n')).WithMessage(message.Replace("t.jsonl", Path.Combine(_folder.Path, "t.jsonl")));
    }

    [Fact]
    public void What_a_model_does_not_know_is_refused_by_value()
    {
        var model = new TokenColumns([new("a", ["x", "y"])]);
        var value = () => Read("t.csv", "a\nx\nz\n", new TokenTableOptions { Vocabulary = model });
        var column = () => Read("t.csv", "b\nx\n", new TokenTableOptions { Vocabulary = model });
        var order = () => Read("t.csv", "a,b\nx,y\n", new TokenTableOptions { Vocabulary = model, Columns = ["b"] });
        var length = () => Read("t.csv", "quizzes,solutions\nx.,xy\n", new TokenTableOptions { Vocabulary = model });

        value.Should().Throw<TweedieException>().WithMessage("*t.csv, line 3, column 'a': 'z' is none of its 2 entries (x, y).");
        column.Should().Throw<TweedieException>().WithMessage("*t.csv: lacks the column 'a', which the model has; the file has b.");
        order.Should().Throw<TweedieException>().WithMessage("*t.csv: Columns names b, and the model has a; leave it out.");
        length.Should().Throw<TweedieException>().WithMessage("*t.csv, line 2: has rows of 2 tokens, and the model has 1.");
    }

    [Fact]
    public void A_column_of_too_many_values_is_refused()
    {
        var read = () => Read("t.csv", "id\n" + string.Concat(Enumerable.Range(0, 20_000).Select(id => $"{id}\n")));

        read.Should().Throw<TweedieException>().WithMessage("*t.csv, line 16386, column 'id': '16384' is one value more than the 16384 that a column may have; *");
    }

    [Fact]
    public void Several_files_follow_each_other_and_must_have_the_same_columns()
    {
        var first = _folder.Write("1.csv", "a\nx\n"u8);
        using (var file = new GZipStream(File.Create(Path.Combine(_folder.Path, "2.csv.gz")), CompressionLevel.Fastest))
            file.Write("a\ny\n"u8);
        var third = _folder.Write("3.csv", "b\nz\n"u8);

        Rows(TokenTable.Open("two", [first, Path.Combine(_folder.Path, "2.csv.gz")])).Should().Equal("0", "1");
        var read = () => TokenTable.Open("other", [first, third]);
        read.Should().Throw<TweedieException>().WithMessage($"{third}: has the columns b, and the first file has a.");
    }

    private TokenTable Read(string file, string content, TokenTableOptions? options = null) =>
        TokenTable.Open("table", [_folder.Write(file, Encoding.UTF8.GetBytes(content))], options);

    private static string[] Rows(TokenTable rows) => [.. Enumerable.Range(0, rows.Count).Select(index => string.Join(' ', RowOf(rows, index).Tokens))];

    private static string[] Known(TokenTable rows) => [.. Enumerable.Range(0, rows.Count).Select(index => string.Concat(RowOf(rows, index).Known.Select(known => known ? 'x' : '.')))];

    private static (long[] Tokens, bool[] Known) RowOf(TokenTable rows, int index)
    {
        var (tokens, known) = (new long[rows.Length], new bool[rows.Length]);
        rows.Read(0, index, tokens, known);
        return (tokens, known);
    }
}
