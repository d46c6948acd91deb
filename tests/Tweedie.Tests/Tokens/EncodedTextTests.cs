using System.Text;
using Tweedie.Tests.Text.Sources;
using Tweedie.Text;
using Tweedie.Tokens;

namespace Tweedie.Tests.Tokens;

/// <summary>A text is encoded once into a file of ids, with documents apart, counts, and no more than a little memory.</summary>
public sealed class EncodedTextTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Cache => Path.Combine(_folder.Path, "cache");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Documents_follow_each_other_with_an_end_token_between_them()
    {
        var tokenizer = CharacterTokenizer.Build(["abc"]);
        using var text = EncodedText.Open(new ChunkedText(1, "", "ab", "", "c"), tokenizer);

        Ids(text).Should().Equal(1, 2, 0, 3);
        (text.Length, text.Characters, text.Documents, text.EmptyDocuments, text.UnknownTokens).Should().Be((4, 3, 2, 2, 0));
        text.Warnings.Should().Equal("chunked: 2 of 4 documents are empty and are left out.");
    }

    [Fact]
    public void Unknown_tokens_are_counted()
    {
        using var text = EncodedText.Open(new MemoryTextSource("text", "a?b?\nc"), CharacterTokenizer.Build(["ab\n"], unknown: true));

        text.UnknownTokens.Should().Be(3);
        text.Warnings.Should().Equal("text: 3 of 6 tokens are unknown to the vocabulary of 5 entries.");
    }

    [Fact]
    public void A_character_that_the_vocabulary_lacks_is_named_with_its_line()
    {
        var path = _folder.Write("t.txt", "one\ntwo\n\nthr€e\n"u8);
        var open = () => EncodedText.Open(new TextFileSource("t", [path]), CharacterTokenizer.Build(["onetwhr\n"]), Cache);

        open.Should().Throw<TweedieException>().WithMessage($"{path}, line 4: '€' (U+20AC) is none of the 8 characters of the vocabulary; *");
        Directory.GetFiles(Cache).Should().BeEmpty();
    }

    [Fact]
    public void A_text_without_tokens_is_refused()
    {
        var open = () => EncodedText.Open(new MemoryTextSource("nothing", "", ""), new ByteTokenizer());

        open.Should().Throw<TweedieException>().WithMessage("nothing: has no text; give one that is not empty.");
    }

    [Theory]
    [InlineData(65_534, 2)]
    [InlineData(65_535, 2)]
    [InlineData(65_536, 4)]
    public void Ids_take_two_bytes_as_long_as_they_fit(int characters, int bytes)
    {
        var entries = Enumerable.Range(0x20000, characters).Select(char.ConvertFromUtf32).ToArray();
        var tokenizer = CharacterTokenizer.Build(entries);
        var path = _folder.Write("t.txt", Encoding.UTF8.GetBytes(entries[^1] + entries[0]));
        using var text = EncodedText.Open(new TextFileSource("t", [path]), tokenizer, Cache);

        Ids(text).Should().Equal(tokenizer.VocabularySize - 1, 1);
        new FileInfo(Directory.GetFiles(Cache).Single()).Length.Should().Be(2 * bytes + 48);
    }

    [Fact]
    public void An_encoded_text_is_kept_until_the_text_or_the_vocabulary_changes()
    {
        var path = _folder.Write("t.txt", "abc"u8);
        Open(path, "abc");
        var file = Directory.GetFiles(Cache).Single();
        var written = File.GetLastWriteTimeUtc(file);

        Open(path, "abc");
        Directory.GetFiles(Cache).Should().Equal(file);
        File.GetLastWriteTimeUtc(file).Should().Be(written);

        Open(path, "abcd");
        Directory.GetFiles(Cache).Should().HaveCount(2);

        _folder.Write("t.txt", "abca"u8);
        Open(path, "abc").Should().Equal(1, 2, 3, 1);
        Directory.GetFiles(Cache).Should().HaveCount(3);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(53)]
    public void A_file_that_is_cut_is_made_again(int length)
    {
        var path = _folder.Write("t.txt", "abc"u8);
        Open(path, "abc");
        using (var file = new FileStream(Directory.GetFiles(Cache).Single(), FileMode.Open))
            file.SetLength(length);

        Open(path, "abc").Should().Equal(1, 2, 3);
    }

    [Fact]
    public void Ids_outside_the_vocabulary_are_noticed()
    {
        var path = _folder.Write("t.txt", "abc"u8);
        Open(path, "abc");
        var kept = Directory.GetFiles(Cache).Single();
        using (var file = new FileStream(kept, FileMode.Open))
            file.Write([4, 0]);
        var open = () => Open(path, "abc");

        open.Should().Throw<TweedieException>().WithMessage($"{kept}: is damaged: it has the id 4 in a vocabulary of 4; delete it, and the text is encoded again.");
    }

    [Fact]
    public void Reading_outside_the_text_is_refused()
    {
        using var text = EncodedText.Open(new MemoryTextSource("text", "abc"), new ByteTokenizer());
        var before = () => text.Read(-1, new long[1]);
        var after = () => text.Read(2, new long[2]);

        before.Should().Throw<ArgumentOutOfRangeException>();
        after.Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Cancelling_leaves_no_file()
    {
        var path = _folder.Write("t.txt", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("line\n", 100_000))));
        using var stop = new CancellationTokenSource();
        var open = () => EncodedText.Open(new TextFileSource("t", [path]), new ByteTokenizer(), Cache, new Stopping(stop), stop.Token);

        open.Should().Throw<OperationCanceledException>();
        Directory.GetFiles(Cache).Should().BeEmpty();
    }

    private long[] Open(string path, string vocabulary)
    {
        using var text = EncodedText.Open(new TextFileSource("t", [path]), CharacterTokenizer.Build([vocabulary]), Cache);
        return Ids(text);
    }

    private static long[] Ids(EncodedText text)
    {
        var ids = new long[text.Length];
        text.Read(0, ids);
        return ids;
    }

    private sealed class Stopping(CancellationTokenSource stop) : IProgress<long>
    {
        public void Report(long value) => stop.Cancel();
    }
}
