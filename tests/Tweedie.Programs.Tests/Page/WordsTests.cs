namespace Tweedie.Tests.Page;

/// <summary>Tokens of every kind of vocabulary become words, and fixed words become a template that the vocabulary reads back.</summary>
public sealed class WordsTests(Chromium chromium)
{
    public static TheoryData<string, string[], bool, string, int, string> Rows => new()
    {
        { "words", ["a", "dog", ",", "running", "[SEP]", "[PAD]"], true, "a| dog|,| running| ∎", 3, "[___] running..." },
        { "WordPiece", ["a", "jump", "##ing", "dog", "[SEP]"], true, "a| jumping| dog| ∎", 1, "[_] jumping..." },
        { "CLIP's as in its file", ["a</w>", "jump", "ing</w>", "dog</w>", "<|endoftext|>"], true, "a| jumping| dog| ∎", 1, "[_] jumping..." },
        { "CLIP's as text", ["a ", "jump", "ing ", "dog ", "<|endoftext|>"], true, "a| jumping| dog| ∎", 1, "[_]jumping ..." },
        { "GPT-2's", ["A", " jump", "ing", " dog", "\n", "Yes"], false, "A| jumping| dog|\nYes", 1, "[_] jumping..." },
        { "characters", ["H", "i", ",", " ", "y", "o", "u"], false, "Hi,| you", 1, "[____]you..." },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Tokens_become_words_and_words_a_template(string vocabulary, string[] tokens, bool ends, string words, int fixedWord, string template)
    {
        await using var server = await FakeServer.StartAsync();
        await using var visit = await Visit.OpenAsync(chromium, server.Address);
        var found = await visit.Page.EvaluateAsync<string[]>("""
            async ([tokens, ends, fixed]) => {
              const { isExact, templateOf, textOf, wordsOf, wordText } = await import('./page/words.js');
              const exact = isExact(tokens);
              const words = wordsOf(tokens, exact, ends);
              const { from, to } = words[fixed];
              const raw = tokens.slice(from, to + 1).map(textOf).join('');
              return [words.map(word => word.before + (word.isEnd ? '∎' : wordText(tokens, word))).join('|'), templateOf([{ from, to, text: exact ? raw : raw.trim() }], exact)];
            }
            """, new object[] { tokens, ends, fixedWord });
        found.Should().Equal([words, template], vocabulary);
    }
}
