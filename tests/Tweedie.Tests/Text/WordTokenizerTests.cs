using Tweedie.Text;

namespace Tweedie.Tests.Text;

/// <summary>A word vocabulary is made from a corpus by count.</summary>
public sealed class WordTokenizerTests
{
    private static readonly string[] _corpus = ["A dog runs.", "a cat runs", "The dog sleeps; a cat."];

    [Fact]
    public void Entries_are_the_specials_then_words_by_count_then_by_name()
    {
        var tokenizer = WordTokenizer.Build(_corpus);

        Enumerable.Range(0, tokenizer.VocabularySize).Select(tokenizer.Token)
            .Should().Equal("[PAD]", "[UNK]", "[SEP]", "a", ".", "cat", "dog", "runs", ";", "sleeps", "the");
        tokenizer.Special.Should().Be(new SpecialTokens(0, 2, Unknown: 1));
    }

    [Fact]
    public void Rare_words_and_those_beyond_the_size_are_unknown()
    {
        WordTokenizer.Build(_corpus, minimumCount: 2).Encode("The dog runs").Should().Equal(1, 6, 7);
        WordTokenizer.Build(_corpus, maximumSize: 6).Encode("a cat runs.").Should().Equal(3, 5, 1, 4);
    }

    [Fact]
    public void Text_is_lower_cased_and_decoded_with_the_usual_spaces()
    {
        var tokenizer = WordTokenizer.Build(["a man's dog, isn't it (very) well-known?"]);

        tokenizer.Decode(tokenizer.Encode("A MAN'S dog, isn't it (very) well-known?")).Should().Be("a man's dog, isn't it (very) well-known?");
    }

    [Fact]
    public void Letters_beyond_the_basic_plane_make_words_too() =>
        WordTokenizer.Build(["𐐨𐐩 𠮷野"]).Encode("𐐀𐐁").Should().Equal(3);

    [Fact]
    public void A_corpus_without_words_and_numbers_too_small_are_refused()
    {
        var empty = () => WordTokenizer.Build(["dog"], minimumCount: 2);
        var count = () => WordTokenizer.Build(_corpus, minimumCount: 0);
        var size = () => WordTokenizer.Build(_corpus, maximumSize: 3);

        empty.Should().Throw<TweedieException>().WithMessage("*minimumCount = 2*");
        count.Should().Throw<ArgumentOutOfRangeException>();
        size.Should().Throw<ArgumentOutOfRangeException>();
    }
}
