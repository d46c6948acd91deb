using Tweedie.Text;

namespace Tweedie.Tests.Text;

/// <summary>The ids equal those of google-research/bert's tokenizer on every string of the fixture.</summary>
public sealed class BertTokenizerParityTests
{
    private static readonly Lazy<BertTokenizer> _tokenizer = new(() => BertTokenizer.Load(Shared.Path("data/tokenizers/bert-base-uncased")));

    [Fact]
    public void Ids_are_those_of_the_reference()
    {
        foreach (var expected in TokenizerCase.Read("bert-tokenizer"))
            _tokenizer.Value.Encode(expected.Text).Should().Equal(expected.Ids, $"the text is '{expected.Text}'");
    }

    [Fact]
    public void Tokens_are_those_of_the_reference()
    {
        foreach (var expected in TokenizerCase.Read("bert-tokenizer"))
            expected.Ids.Select(_tokenizer.Value.Token).Should().Equal(expected.Tokens);
    }

    [Fact]
    public void The_vocabulary_is_the_published_one()
    {
        _tokenizer.Value.VocabularySize.Should().Be(30522);
        _tokenizer.Value.Special.Should().Be(new SpecialTokens(0, 102, 101, 100, 103));
    }

    [Fact]
    public void Decoding_and_encoding_again_gives_the_same_ids_where_nothing_is_unknown()
    {
        foreach (var expected in TokenizerCase.Read("bert-tokenizer").Where(expected => !expected.Ids.Contains(_tokenizer.Value.Special.Unknown!.Value)))
            _tokenizer.Value.Encode(_tokenizer.Value.Decode(expected.Ids)).Should().Equal(expected.Ids);
    }

    [Theory]
    [InlineData("A dog's t-shirt, isn't it?", "a dog's t-shirt, isn't it?")]
    [InlineData("Skateboarders (two of them) waving.", "skateboarders (two of them) waving.")]
    public void Decoded_captions_have_the_usual_spaces(string text, string decoded) =>
        _tokenizer.Value.Decode(_tokenizer.Value.Encode(text)).Should().Be(decoded);
}
