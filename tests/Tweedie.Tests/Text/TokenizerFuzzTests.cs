using CsCheck;
using Tweedie.Text;

namespace Tweedie.Tests.Text;

/// <summary>For any text, tokenizers give ids of their vocabulary, fill rows, and decode what they encoded.</summary>
public sealed class TokenizerFuzzTests : IDisposable
{
    // Any UTF-16 unit (unpaired surrogates too), any code point, and the fragments that rules look at.
    private static readonly Gen<string> _text = Gen.OneOf(
        Gen.Char.Select(unit => unit.ToString()),
        Gen.Int[0x10000, 0x10FFFF].Select(char.ConvertFromUtf32),
        Gen.OneOfConst(" ", "dog", "Dogs", "'s", "'", "&amp;", "&#x", "&#0;", "&#x110000;", "&", ";", "<|endoftext|>", "[SEP]", "##", "ΑΣ", "İ", "é", "한", "猫", "-"))
        .Array[0, 40].Select(string.Concat);

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Kinds => ["bert", "clip", "words", "characters", "bytes", "gpt2"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Ids_lie_in_the_vocabulary_and_rows_are_full(string kind)
    {
        var tokenizer = SmallTokenizer.Create(kind, _folder);

        _text.Sample(text =>
        {
            tokenizer.Encode(text).Should().OnlyContain(id => id >= 0 && id < tokenizer.VocabularySize);
            var row = tokenizer.EncodeRow(text, 16);
            row.Should().HaveCount(16).And.Contain(tokenizer.Special.End);
            tokenizer.DecodeRow(row);
        });
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Encoding_what_was_decoded_gives_the_same_ids(string kind)
    {
        var tokenizer = SmallTokenizer.Create(kind, _folder);
        var words = Gen.OneOfConst("dog", "dogs", "a", "t", "s", "'", "-", ".", ",", "(", ")", "riding").Array[0, 30];

        words.Sample(parts =>
        {
            var ids = tokenizer.Encode(string.Join(' ', parts));
            ids.Should().NotContain(tokenizer.Special.Unknown ?? -1);
            tokenizer.Encode(tokenizer.Decode(ids)).Should().Equal(ids);
        });
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Any_ids_of_the_vocabulary_decode(string kind)
    {
        var tokenizer = SmallTokenizer.Create(kind, _folder);

        Gen.Int[0, tokenizer.VocabularySize - 1].Array[0, 30].Sample(ids => tokenizer.DecodeRow(ids).Should().NotBeNull());
    }

    [Theory]
    [InlineData("bert")]
    [InlineData("clip")]
    public void The_published_vocabularies_take_any_text(string kind)
    {
        var tokenizer = Tokenizers.Load(Shared.Path(kind == "bert" ? "data/tokenizers/bert-base-uncased" : "data/tokenizers/clip"));

        _text.Sample(text => tokenizer.Encode(text).Should().OnlyContain(id => id >= 0 && id < tokenizer.VocabularySize));
    }
}
