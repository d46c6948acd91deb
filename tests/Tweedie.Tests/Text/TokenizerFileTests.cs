using System.IO.Compression;
using System.Text;
using Tweedie.Text;

namespace Tweedie.Tests.Text;

/// <summary>Tokenizers are saved with a model, found again, and refuse malformed vocabularies in one line.</summary>
public sealed class TokenizerFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Kinds => TokenizerFuzzTests.Kinds;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_saved_tokenizer_is_found_and_is_the_same(string kind)
    {
        using var source = new TemporaryFolder();
        var tokenizer = SmallTokenizer.Create(kind, source);
        var model = Path.Combine(_folder.Path, "model");

        tokenizer.Save(model);
        var loaded = Tokenizers.Load(model);

        loaded.Should().BeOfType(tokenizer.GetType());
        loaded.Special.Should().Be(tokenizer.Special);
        Enumerable.Range(0, loaded.VocabularySize).Select(loaded.Token)
            .Should().Equal(Enumerable.Range(0, tokenizer.VocabularySize).Select(tokenizer.Token));
        loaded.Encode("A dog's riding.").Should().Equal(tokenizer.Encode("A dog's riding."));
    }

    [Theory]
    [InlineData("vocab.txt", "[PAD]\n\n[SEP]\n", "*vocab.txt, line 2: empty*")]
    [InlineData("vocab.txt", "[PAD]\n[UNK]\n[PAD]\n", "*vocab.txt, line 3: '[PAD]' stands on line 1 too*")]
    [InlineData("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n", "*vocab.txt: none of its 4 lines is [[]MASK]*")]
    [InlineData("words.txt", "", "*words.txt: none of its 0 lines is [[]PAD]*")]
    [InlineData("merges.txt", "", "*merges.txt, line 1: *#version*")]
    [InlineData("merges.txt", "a b\n", "*merges.txt, line 1: *#version*")]
    [InlineData("merges.txt", "#version: 0.2\na b\nabc\n", "*merges.txt, line 3: 'abc' does not merge two known symbols*")]
    [InlineData("merges.txt", "#version: 0.2\na b\nab xy\n", "*merges.txt, line 3: 'ab xy' does not merge two known symbols*")]
    [InlineData("merges.txt", "#version: 0.2\na b\na b\n", "*merges.txt, line 3: 'a b' makes no new symbol*")]
    [InlineData("merges.txt", "#version: 0.2\na</w> b\n", "*merges.txt, line 2: 'a</w> b' makes no new symbol*")]
    [InlineData("characters.txt", "a\n", "*characters.txt: none of its 1 lines is [[]END]*")]
    [InlineData("characters.txt", "[END]\na\nab\n", "*characters.txt, line 3: 'ab' is not one character*")]
    [InlineData("characters.txt", "[END]\na\n\\u{61}\n", "*characters.txt, line 3: '*' stands on line 2 too*")]
    [InlineData("bytes.txt", "<0x00>\n<0x01>\n", "*bytes.txt, line 3: is not <0x02>*")]
    [InlineData("gpt2.tiktoken", "IQ== 0\nIg== 2\n", "*gpt2.tiktoken, line 2: 'Ig== 2' is not an entry in base64 and its id, 1*")]
    [InlineData("gpt2.tiktoken", "IQ== 0\n!! 1\n", "*gpt2.tiktoken, line 2: '!! 1' is not an entry in base64*")]
    [InlineData("gpt2.tiktoken", "IQ== 0\nIg== 1\n", "*gpt2.tiktoken: 254 of the 256 bytes have no entry of their own, such as 0x00*")]
    [InlineData("bpe_simple_vocab_16e6.txt.gz", "plain text", "*bpe_simple_vocab_16e6.txt.gz: not a gzip file*")]
    public void A_malformed_vocabulary_is_refused_with_its_file_and_line(string file, string content, string message)
    {
        _folder.Write(file, Encoding.UTF8.GetBytes(content));

        var load = () => Tokenizers.Load(_folder.Path);

        load.Should().Throw<TweedieException>().Where(error => !error.Message.Contains('\n')).WithMessage(message.Replace("[[]", "["));
    }

    [Fact]
    public void A_vocabulary_that_is_not_UTF8_is_refused()
    {
        _folder.Write("vocab.txt", [(byte)'a', (byte)'\n', 0xFF, 0xFE, (byte)'\n']);

        var load = () => Tokenizers.Load(_folder.Path);

        load.Should().Throw<TweedieException>().WithMessage("*vocab.txt*not UTF-8 text*");
    }

    [Fact]
    public void A_truncated_download_of_the_original_rules_is_refused()
    {
        using (var file = new GZipStream(File.Create(Path.Combine(_folder.Path, ClipTokenizer.OriginalFileName)), CompressionLevel.Fastest))
            file.Write("#version: 0.2\na b\n"u8);

        var load = () => Tokenizers.Load(_folder.Path);

        load.Should().Throw<TweedieException>().WithMessage("*.gz, line 2: ends before its 48894 rules*");
    }

    [Fact]
    public void Missing_files_are_named()
    {
        var absent = Path.Combine(_folder.Path, "absent");
        Action[] loads = [() => BertTokenizer.Load(absent), () => ClipTokenizer.Load(absent), () => WordTokenizer.Load(absent)];

        foreach (var load in loads)
            load.Should().Throw<TweedieException>().WithMessage("*absent*.txt: cannot be read: *does not exist");
        var find = () => Tokenizers.Load(absent);
        find.Should().Throw<TweedieException>().WithMessage("*absent: no tokenizer; give a folder that holds one of vocab.txt, merges.txt,*");
    }

    [Fact]
    public void A_folder_with_two_tokenizers_is_refused()
    {
        SmallTokenizer.Create("bert", _folder);
        SmallTokenizer.Create("words", _folder).Save(_folder.Path);

        var load = () => Tokenizers.Load(_folder.Path);

        load.Should().Throw<TweedieException>().WithMessage("*more than one tokenizer (vocab.txt, words.txt)*");
    }
}
