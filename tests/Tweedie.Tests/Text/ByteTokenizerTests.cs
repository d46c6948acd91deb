using System.Text;
using CsCheck;
using Tweedie.Text;

namespace Tweedie.Tests.Text;

/// <summary>Bytes are tokens, and nothing is lost.</summary>
public sealed class ByteTokenizerTests
{
    private readonly ByteTokenizer _tokenizer = new();

    [Fact]
    public void Ids_are_the_bytes_of_UTF8() =>
        Gen.OneOf(Gen.Char['\0', '\uD7FF'].Select(unit => unit.ToString()), Gen.Int[0x10000, 0x10FFFF].Select(char.ConvertFromUtf32)).Array[0, 40].Select(string.Concat)
            .Sample(text =>
            {
                _tokenizer.Encode(text).Select(id => (byte)id).Should().Equal(Encoding.UTF8.GetBytes(text));
                _tokenizer.Decode(_tokenizer.Encode(text)).Should().Be(text);
            });

    [Fact]
    public void Broken_sequences_and_the_end_token_can_be_read()
    {
        _tokenizer.Decode(['a', 0xC3, 256, 'b']).Should().Be("a\uFFFD[END]b");
        new[] { 'a', '\n', 0xC3, 256 }.Select(_tokenizer.Token).Should().Equal("a", "<0x0A>", "<0xC3>", "[END]");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(257)]
    public void Other_ids_are_refused(int id)
    {
        var decode = () => _tokenizer.Decode([id]);
        var token = () => _tokenizer.Token(id);

        decode.Should().Throw<ArgumentOutOfRangeException>();
        token.Should().Throw<ArgumentOutOfRangeException>();
    }
}
