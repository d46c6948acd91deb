using Tweedie.Text;

namespace Tweedie.Tests.Text;

/// <summary>Running text, with its line breaks, is encoded by each tokenizer; what comes back is as documented.</summary>
public sealed class RunningTextTests : IDisposable
{
    private const string Text = "First Citizen:\nBefore we proceed any further, hear me speak.\n\nAll:\nSpeak, speak; the dogs' day's (not) well-known!\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("characters")]
    [InlineData("bytes")]
    [InlineData("gpt2")]
    public void Nothing_is_lost(string kind)
    {
        ITokenizer tokenizer = kind == "characters" ? CharacterTokenizer.Build([Text]) : SmallTokenizer.Create(kind, _folder);

        tokenizer.Decode(tokenizer.Encode(Text)).Should().Be(Text);
    }

    [Fact]
    public void Words_lose_case_and_white_space()
    {
        var tokenizer = WordTokenizer.Build([Text]);

        tokenizer.Decode(tokenizer.Encode(Text)).Should().Be(Sentence.Join([.. Words.Split(Text)])).And.Contain("hear me speak. all: speak, speak;");
        tokenizer.Encode(tokenizer.Decode(tokenizer.Encode(Text))).Should().Equal(tokenizer.Encode(Text));
    }

    [Theory]
    [InlineData("bert-base-uncased")]
    [InlineData("clip")]
    public void Published_vocabularies_lose_case_and_white_space_and_no_more(string folder)
    {
        var source = Shared.Path($"data/tokenizers/{folder}");
        if (folder == "clip")
        {
            File.Copy(Path.Combine(source, ClipTokenizer.FileName), Path.Combine(_folder.Path, ClipTokenizer.FileName));
            source = _folder.Path;
        }
        var tokenizer = Tokenizers.Load(source);
        var ids = tokenizer.Encode(Text);

        ids.Should().NotContain(tokenizer.Special.Unknown ?? -1);
        Letters(tokenizer.Decode(ids)).Should().Be(Letters(Text.ToLowerInvariant()));
    }

    private static string Letters(string text) => string.Concat(text.Where(character => !char.IsWhiteSpace(character)));
}
