using Tweedie.Tokens;

namespace Tweedie.Tests.Tokens;

/// <summary>Columns keep their names and vocabularies, shared or not, in a model's folder.</summary>
public sealed class TokenColumnsTests : IDisposable
{
    private static readonly string[] _colours = ["red", "grün \"x\"", ""];

    private readonly TemporaryFolder _folder = new();
    private readonly TokenColumns _columns = new([new("first", _colours), new("size", ["1", "2"]), new("last", _colours)]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Columns_come_back_from_a_folder_with_what_they_share()
    {
        _columns.Save(_folder.Path);
        var loaded = TokenColumns.Load(_folder.Path);

        loaded.Select(column => column.Name).Should().Equal("first", "size", "last");
        loaded.Select(column => string.Join('|', column.Entries)).Should().Equal(_columns.Select(column => string.Join('|', column.Entries)));
        loaded[0].Entries.Should().BeSameAs(loaded[2].Entries);
        loaded.VocabularySize.Should().Be(3);
    }

    [Fact]
    public void Entries_are_found_and_rows_are_decoded()
    {
        _columns.Find(1, "2").Should().Be(1);
        _columns.Find(1, "red").Should().Be(ITokenRowSource.Missing);
        _columns.Decode([0, 1, ITokenRowSource.Missing]).Should().Equal("red", "2", null);
        var outside = () => _columns.Decode([0, 2, 0]);
        var longer = () => _columns.Decode([0, 1]);
        outside.Should().Throw<ArgumentOutOfRangeException>();
        longer.Should().Throw<ArgumentException>();
    }

    [Theory]
    [InlineData("""{"columns":[],"vocabularies":[]}""", "*columns.json: There is no column*")]
    [InlineData("""{"columns":[{"name":"a","vocabulary":1}],"vocabularies":[["x"]]}""", "*columns.json: column 'a' has the vocabulary 1, and there are 1;*")]
    [InlineData("""{"columns":[{"name":"a","vocabulary":0}],"vocabularies":[["x","x"]]}""", "*columns.json: Column 'a' has the entry 'x' twice;*")]
    [InlineData("""{"columns":[{"name":"a","vocabulary":0}],"vocabularies":[[]]}""", "*columns.json: Column 'a' has no entries;*")]
    [InlineData("""{"columns":[{"name":"a","vocabulary":0},{"name":"a","vocabulary":0}],"vocabularies":[["x"]]}""", "*columns.json: Two columns are called 'a';*")]
    [InlineData("""{"columns":[null],"vocabularies":[["x"]]}""", "*columns.json: $.columns[[]0] is null*")]
    [InlineData("""{"columns":[]}""", "*columns.json, line 1, column *: $ lacks *vocabularies*")]
    public void A_malformed_file_is_refused(string content, string message)
    {
        _folder.Write(TokenColumns.FileName, System.Text.Encoding.UTF8.GetBytes(content));
        var load = () => TokenColumns.Load(_folder.Path);

        load.Should().Throw<TweedieException>().Where(error => !error.Message.Contains('\n')).WithMessage(message.Replace("[[]", "["));
    }
}
