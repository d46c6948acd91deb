using Tweedie.Text;

namespace Tweedie.Tests.Text;

/// <summary>The ids equal those of openai/CLIP's tokenizer, which repairs text with ftfy, on every string of the fixture.</summary>
public sealed class ClipTokenizerParityTests
{
    private static readonly Lazy<ClipTokenizer> _tokenizer = new(() => ClipTokenizer.Load(Shared.Path("data/tokenizers/clip")));

    [Fact]
    public void Ids_are_those_of_the_reference()
    {
        foreach (var expected in TokenizerCase.Read("clip-tokenizer"))
            _tokenizer.Value.Encode(expected.Text).Should().Equal(expected.Ids, $"the text is '{expected.Text}'");
    }

    [Fact]
    public void Tokens_and_decoded_text_are_those_of_the_reference()
    {
        foreach (var expected in TokenizerCase.Read("clip-tokenizer"))
        {
            expected.Ids.Select(_tokenizer.Value.Token).Should().Equal(expected.Tokens);
            _tokenizer.Value.Decode(expected.Ids).Should().Be(expected.Decoded);
        }
    }

    [Fact]
    public void Rows_of_77_are_those_of_the_reference()
    {
        foreach (var expected in TokenizerCase.Read("clip-tokenizer"))
        {
            var row = _tokenizer.Value.EncodeRow(expected.Text, 77);

            row.Should().HaveCount(77);
            row[..expected.Ids77!.Length].Should().Equal(expected.Ids77);
            row[expected.Ids77.Length..].Should().AllBeEquivalentTo(0);
        }
    }

    [Fact]
    public void Both_files_of_rules_give_the_published_vocabulary()
    {
        using var folder = new TemporaryFolder();
        folder.Write(ClipTokenizer.OriginalFileName, File.ReadAllBytes(Shared.Path("data/tokenizers/clip/" + ClipTokenizer.OriginalFileName)));
        var original = ClipTokenizer.Load(folder.Path);

        _tokenizer.Value.VocabularySize.Should().Be(49408);
        original.VocabularySize.Should().Be(49408);
        Enumerable.Range(0, 49408).Select(original.Token).Should().Equal(Enumerable.Range(0, 49408).Select(_tokenizer.Value.Token));
        _tokenizer.Value.Special.Should().Be(new SpecialTokens(0, 49407, 49406) { PaddingIsOrdinary = true });
    }
}
