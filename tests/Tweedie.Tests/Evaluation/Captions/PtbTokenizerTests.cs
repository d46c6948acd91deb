using CsCheck;
using Tweedie.Metrics;

namespace Tweedie.Tests.Evaluation.Captions;

public sealed class PtbTokenizerTests
{
    [Theory]
    [InlineData("A man's dog isn't wet.", "a man 's dog is n't wet")]
    [InlineData("Two cats, one \"happy\" -- and (maybe) sad...", "two cats one happy and -lrb- maybe -rrb- sad")]
    [InlineData("At 10:45, 1,000 people paid $3.50!", "at 10:45 1,000 people paid $ 3.50")]
    [InlineData("a black-and-white t-shirt and/or 'tie'", "a black-and-white t-shirt and/or tie")]
    [InlineData("the U.S.A. flag.\nThe dogs' bowls", "the u.s.a. flag the dogs bowls")]
    [InlineData("Mr. and Mrs. O'Hara can't visit www.site.com/map.", "mr. and mrs. o'hara ca n't visit www.site.com/map")]
    [InlineData("plan a. The café-bar of AT&T", "plan a the café-bar of at&t")]
    [InlineData("you cannot y'all 'cause we're gonna", "you can not y' all 'cause we 're gon na")]
    [InlineData("“so” it’s — no… 😀 ½ of £5", "so it 's no 1/2 of # 5")]
    [InlineData("&quot;r&amp;b&quot; &lt; 3?! No. 5", "r & b < 3 ?! no. 5")]
    [InlineData("", "")]
    public void Captions_are_split_like_the_penn_treebank(string caption, string tokens) =>
        string.Join(' ', PtbTokenizer.Tokenize(caption)).Should().Be(tokens);

    [Fact]
    public void Lines_of_every_kind_are_split_as_the_reference_splits_them()
    {
        var cases = Shared.Json("fixtures/ptb-tokenizer/cases.json").EnumerateArray().ToList();

        cases.Should().NotBeEmpty().And.AllSatisfy(line =>
            PtbTokenizer.Tokenize(line.GetProperty("text").GetString()!).Should().Equal(line.GetProperty("tokens").EnumerateArray().Select(token => token.GetString()!)));
    }

    [Fact]
    public void Text_of_any_kind_is_split_without_error() =>
        Gen.String.Sample(text => PtbTokenizer.Tokenize(text).All(token => token.Length > 0 && !token.Contains(' ')));
}
