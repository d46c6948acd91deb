using CsCheck;
using Microsoft.ML.Tokenizers;
using Tweedie.Text;

namespace Tweedie.Tests.Text;

/// <summary>GPT-2's ids are those that GPT-2 was trained with, and nothing is lost.</summary>
public sealed class Gpt2TokenizerTests
{
    private static readonly Gpt2Tokenizer _tokenizer = Gpt2Tokenizer.Create();

    // The library's own splitting, which is right for text within the basic plane.
    private static readonly TiktokenTokenizer _reference = TiktokenTokenizer.CreateForModel("gpt2");

    [Fact]
    public void Known_texts_have_GPT2s_ids()
    {
        _tokenizer.VocabularySize.Should().Be(50257);
        _tokenizer.Special.Should().Be(new SpecialTokens(50256, 50256));
        _tokenizer.Encode("Hello world").Should().Equal(15496, 995);
        _tokenizer.Encode("The quick brown fox jumps over the lazy dog").Should().Equal(464, 2068, 7586, 21831, 18045, 625, 262, 16931, 3290);
        _tokenizer.Token(995).Should().Be("Ġworld");
        _tokenizer.Token(50256).Should().Be("<|endoftext|>");
    }

    [Fact]
    public void Any_text_of_the_basic_plane_has_the_ids_of_the_librarys_own_splitting() =>
        Gen.OneOf(
            Gen.Char['\0', '\uD7FF'].Select(unit => unit.ToString()),
            Gen.OneOfConst(" ", "  ", "\n", "\n\n", "\t", " \n", "'s", "'S", "'ll", "'", "dog", " Dog", "12", " 3", "½", "!!", "...", "é", "猫", "\u00A0", "\u0085"))
            .Array[0, 30].Select(string.Concat)
            .Where(text => !text.Contains('\u001C') && !text.Contains('\u001D') && !text.Contains('\u001E') && !text.Contains('\u001F'))
            .Sample(text => _tokenizer.Encode(text).Should().Equal(_reference.EncodeToIds(text)));

    [Fact]
    public void Any_text_comes_back_exactly() =>
        Gen.OneOf(Gen.Char['\0', '\uD7FF'].Select(unit => unit.ToString()), Gen.Int[0x10000, 0x10FFFF].Select(char.ConvertFromUtf32), Gen.Const(" "), Gen.Const("\n"))
            .Array[0, 40].Select(string.Concat)
            .Sample(text => _tokenizer.Decode(_tokenizer.Encode(text)).Should().Be(text));

    [Fact]
    public void Shakespeare_has_the_tokens_that_nanoGPT_counts()
    {
        // nanoGPT's data/shakespeare/readme.md, which encodes the parts apart.
        var (train, held) = TextHoldout.Split(new TextFileSource("tinyshakespeare", [Shared.Path("data/text/tinyshakespeare.txt")]), 0.1);

        (Count(train), Count(held)).Should().Be((301_966, 36_059));

        static int Count(ITextSource source) => source.Pieces().Sum(piece => _tokenizer.Encode(piece).Length);
    }

    [Fact]
    public void Letters_beyond_the_basic_plane_are_letters() =>
        Gpt2Words.Split("ab𐐀𐐁 𐐀1").Should().Equal("ab𐐀𐐁", " 𐐀", "1");

    [Fact]
    public void The_name_of_the_special_token_in_a_text_is_ordinary_text() =>
        _tokenizer.Encode("<|endoftext|>").Should().NotContain(_tokenizer.Special.End);
}
