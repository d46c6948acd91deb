using System.Text;
using Tweedie.Text;

namespace Tweedie.Tests.Text.Sources;

/// <summary>Documents are read from JSON lines; mistakes are named with file and line.</summary>
public sealed class JsonLinesSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_line_is_a_document_and_blank_lines_are_passed_over() =>
        Documents("\uFEFF{\"id\": \"7\", \"text\": \"é\\n\"}\r\n\n  \n{\"text\": null, \"id\": \"8\"}\n{\"text\": \"last\", \"id\": \"9\"}").Should().Equal("é\n", "", "last");

    [Fact]
    public void Long_lines_are_read_whole()
    {
        var (first, second) = (new string('a', 300_000), new string('é', 500_000));

        Documents($"{{\"text\": \"{first}\"}}\n{{\"text\": \"{second}\"}}\n").Should().Equal(first, second);
    }

    [Theory]
    [InlineData("{\"words\": \"a\", \"n\": 1}\n", null, "{0}, line 1: no field of text has a usual name, such as text or content; there are words. Name it by Field.")]
    [InlineData("{\"text\": \"a\", \"body\": \"b\"}\n", null, "{0}, line 1: several fields may hold the text: text, body; choose one by Field.")]
    [InlineData("{\"text\": \"a\"}\n", "title", "{0}, line 1: Field = title names no field of text; there are text.")]
    [InlineData("{\"text\": \"a\"}\n{\"words\": \"b\"}\n", null, "{0}, line 2: has no field 'text', which the lines before it have.")]
    [InlineData("{\"text\": \"a\"}\n\n{\"text\": 7}\n", null, "{0}, line 3: the field 'text' is 7, which is no text.")]
    [InlineData("{\"text\": \"a\"}\n[1]\n", null, "{0}, line 2: is [1], and must be an object with fields, as *")]
    [InlineData("{\"text\": \"a\"}\n{\"text\": oops}\n", null, "{0}, line 2, byte 10: is not valid JSON: *")]
    [InlineData("{\"text\": \"\\ud800\"}\n", null, "{0}, line 1: has a text that is not valid Unicode; mend the line.")]
    public void A_wrong_line_is_named(string content, string? field, string message)
    {
        var read = () => Documents(content, field);

        read.Should().Throw<TweedieException>().Where(error => !error.Message.Contains('\n')).WithMessage(string.Format(null, message.Replace("[", "[[]"), Path.Combine(_folder.Path, "t.jsonl")).Replace("[[]", "["));
    }

    [Fact]
    public void A_named_field_is_read() => Documents("{\"text\": \"a\", \"Title\": \"b\"}\n", "title").Should().Equal("b");

    [Fact]
    public void Other_encodings_are_refused()
    {
        var path = _folder.Write("t.jsonl", [0xFF, 0xFE, (byte)'{', 0]);
        var read = () => new JsonLinesSource("t", [path]).Read().Count();

        read.Should().Throw<TweedieException>().WithMessage($"{path}: is in utf-16, and must be in UTF-8; convert it.");
    }

    private string[] Documents(string content, string? field = null)
    {
        var path = _folder.Write("t.jsonl", Encoding.UTF8.GetBytes(content));
        return [.. new JsonLinesSource("t", [path], new TextSourceOptions { Field = field }).Read().Select(chunk => chunk.Text.ToString())];
    }
}
