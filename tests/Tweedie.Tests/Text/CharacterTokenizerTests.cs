using CsCheck;
using Tweedie.Text;

namespace Tweedie.Tests.Text;

/// <summary>Characters are tokens: the vocabulary comes from a text, its file can be read by people, and nothing is lost.</summary>
public sealed class CharacterTokenizerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Entries_are_the_end_token_then_characters_by_code_point_in_a_visible_form()
    {
        var tokenizer = CharacterTokenizer.Build(["b a\n", "\ta𐐀\\é\u0301\u00A0"]);

        Enumerable.Range(0, tokenizer.VocabularySize).Select(tokenizer.Token)
            .Should().Equal("[END]", "\\t", "\\n", "\\u{20}", "\\\\", "a", "b", "\\u{A0}", "é", "\\u{301}", "𐐀");
        tokenizer.Special.Should().Be(new SpecialTokens(0, 0));
        tokenizer.Encode("a\n𐐀").Should().Equal(5, 2, 10);
    }

    [Fact]
    public void Any_text_comes_back_exactly_also_after_saving() =>
        Gen.OneOf(Gen.Char['\0', '\uD7FF'].Select(unit => unit.ToString()), Gen.Int[0x10000, 0x10FFFF].Select(char.ConvertFromUtf32)).Array[1, 40].Select(string.Concat)
            .Sample(text =>
            {
                var tokenizer = CharacterTokenizer.Build([text]);
                tokenizer.Save(_folder.Path);
                var loaded = CharacterTokenizer.Load(_folder.Path);
                loaded.Decode(loaded.Encode(text)).Should().Be(text);
                loaded.Encode(text).Should().Equal(tokenizer.Encode(text)).And.HaveCount(text.EnumerateRunes().Count());
            }, iter: 200, threads: 1);

    [Fact]
    public void Without_an_unknown_token_another_character_is_refused_by_name()
    {
        var encode = () => CharacterTokenizer.Build(["ab"]).Encode("ab€");

        encode.Should().Throw<TweedieException>().WithMessage("'€' (U+20AC) is none of the 2 characters of the vocabulary; leave it out, or build the vocabulary with an unknown token (unknown: true).");
    }

    [Fact]
    public void With_an_unknown_token_other_characters_are_that_token()
    {
        var tokenizer = CharacterTokenizer.Build(["ab"], unknown: true);

        tokenizer.Special.Should().Be(new SpecialTokens(0, 0, Unknown: 1));
        tokenizer.Encode("a€b𐐀").Should().Equal(2, 1, 3, 1);
        tokenizer.Decode([2, 1, 0]).Should().Be("a[UNK][END]");
    }

    [Fact]
    public void A_corpus_without_characters_is_refused()
    {
        var build = () => CharacterTokenizer.Build(["", ""]);

        build.Should().Throw<TweedieException>().WithMessage("The corpus has no characters*");
    }

    [Fact]
    public void Shakespeare_has_65_characters_and_comes_back_exactly()
    {
        var text = File.ReadAllText(Shared.Path("data/text/tinyshakespeare.txt"));
        var tokenizer = CharacterTokenizer.Build([text]);

        tokenizer.VocabularySize.Should().Be(text.Distinct().Count() + 1);
        tokenizer.Decode(tokenizer.Encode(text)).Should().Be(text);
    }
}
