using System.IO.Compression;
using System.Text;
using CsCheck;
using Tweedie.Text;

namespace Tweedie.Tests.Text.Sources;

/// <summary>Text files are read in blocks, in their encoding; a byte that is no text is named with its place.</summary>
public sealed class TextFileSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("utf-8", "utf-8", false)]
    [InlineData("utf-8", "utf-8", true)]
    [InlineData("utf-16", "utf-8", true)]
    [InlineData("utf-16BE", "utf-8", true)]
    [InlineData("utf-32", "utf-8", true)]
    [InlineData("utf-16", "utf-16", false)]
    public void Text_is_read_whatever_the_blocks(string written, string asked, bool mark)
    {
        var encoding = Encoding.GetEncoding(written);
        Gen.OneOf(Gen.Char['\0', '\uD7FF'].Select(unit => unit.ToString()), Gen.Int[0x10000, 0x10FFFF].Select(char.ConvertFromUtf32), Gen.Const("plain ascii text\n"))
            .Array[1, 20].Select(string.Concat).Select(Gen.Int[1, 8000], Gen.Int[0, 4]).Sample((part, times, shift) =>
            {
                var text = new string('x', shift) + string.Concat(Enumerable.Repeat(part, Math.Min(times, 200_000 / part.Length)));
                var path = _folder.Write("t.txt", [.. mark ? encoding.GetPreamble() : [], .. encoding.GetBytes(text)]);
                Text(new TextFileSource("t", [path], new TextSourceOptions { Encoding = asked })).Should().Be(text);
            }, iter: 30, threads: 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(65534)]
    [InlineData(65535)]
    [InlineData(65536)]
    [InlineData(200_000)]
    public void A_byte_that_is_no_text_is_named_with_its_offset(int offset)
    {
        var path = _folder.Write("wrong.txt", [.. Enumerable.Repeat((byte)'a', offset), 0xE9, (byte)' ', .. Enumerable.Repeat((byte)'b', 100)]);
        var read = () => Text(new TextFileSource("wrong", [path]));

        read.Should().Throw<TweedieException>().WithMessage($"{path}: the bytes E9 at offset {offset} are no text in the file's encoding; mend the file, or name another encoding, as Encoding = latin1.");
    }

    [Theory]
    [InlineData(3)]
    [InlineData(65535)]
    public void A_file_that_ends_inside_a_character_is_refused(int length)
    {
        var path = _folder.Write("cut.txt", [.. Enumerable.Repeat((byte)'a', length), 0xE2, 0x82]);
        var read = () => Text(new TextFileSource("cut", [path]));

        read.Should().Throw<TweedieException>().WithMessage($"{path}: the bytes E2 82 at offset {length} *");
    }

    [Fact]
    public void Other_encodings_are_read_where_they_are_named()
    {
        var path = _folder.Write("old.txt", [(byte)'c', (byte)'a', (byte)'f', 0xE9, 0x80]);

        Text(new TextFileSource("old", [path], new TextSourceOptions { Encoding = "latin1" })).Should().Be("café\u0080");
        Text(new TextFileSource("old", [path], new TextSourceOptions { Encoding = "windows-1252" })).Should().Be("café€");
        var unknown = () => new TextFileSource("old", [path], new TextSourceOptions { Encoding = "utf-9" });
        unknown.Should().Throw<TweedieException>().WithMessage("Encoding = utf-9 is no known encoding; use utf-8, *");
    }

    [Fact]
    public void Each_file_is_a_document_in_the_order_given_and_may_be_compressed()
    {
        using (var file = new GZipStream(File.Create(Path.Combine(_folder.Path, "b.txt.gz")), CompressionLevel.Fastest))
            file.Write("second"u8);
        string[] paths = [_folder.Write("z.txt", "first"u8), Path.Combine(_folder.Path, "b.txt.gz")];

        new TextFileSource("two", paths).Read().Select(chunk => (chunk.Text.ToString(), chunk.EndsDocument, chunk.Origin))
            .Should().Equal(("first", true, paths[0]), ("second", true, paths[1]));
    }

    [Fact]
    public void Empty_and_missing_files_are_named()
    {
        var (empty, full) = (_folder.Write("empty.txt"), _folder.Write("full.txt", "text"u8));
        var one = () => new TextFileSource("one", [empty]);
        var all = () => new TextFileSource("all", [empty, empty]);
        var missing = () => new TextFileSource("missing", [full + "x"]);

        one.Should().Throw<TweedieException>().WithMessage($"{empty}: is empty; give a file with text.");
        all.Should().Throw<TweedieException>().WithMessage("all: all of its 2 files are empty; give files with text.");
        missing.Should().Throw<TweedieException>().WithMessage($"{full}x: cannot be read: *");
        new TextFileSource("some", [full, empty]).Warnings.Should().Equal($"some: 1 of 2 files is empty, such as {empty}.");
    }

    private static string Text(TextFileSource source) => string.Concat(source.Read().Select(chunk => chunk.Text.ToString()));
}
