using CsCheck;
using Tweedie.Text;

namespace Tweedie.Tests.Text.Sources;

/// <summary>The end of a text is held out by position, to the character.</summary>
public sealed class TextHoldoutTests
{
    [Fact]
    public void The_parts_put_together_are_the_text() =>
        Gen.OneOfConst("a", "bc\n", "𐐀", "猫").Array[1, 20].Select(string.Concat).Array[1, 5].Select(Gen.Int[1, 9], Gen.Double[0.05, 0.95]).Sample((documents, block, share) =>
        {
            var text = string.Concat(documents);
            var count = text.EnumerateRunes().Count();
            var border = (long)(count * (1 - share));
            if (border == 0)
                return;

            var (train, held) = TextHoldout.Split(new ChunkedText(block, documents), share);

            (Text(train) + Text(held)).Should().Be(text);
            Text(train).EnumerateRunes().Count().Should().Be((int)border);
            train.Read().Last().EndsDocument.Should().BeTrue();
            (Documents(train) + Documents(held)).Should().BeInRange(documents.Length, documents.Length + 1);
        });

    [Fact]
    public void A_text_too_short_for_the_share_is_refused()
    {
        var split = () => TextHoldout.Split(new MemoryTextSource("short", "abc"), 0.9);

        split.Should().Throw<TweedieException>().WithMessage("short: has 3 characters, so that a share of 0.9 held out leaves one part empty; give a longer text or another share.");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-0.1)]
    public void The_share_is_between_0_and_1(double share)
    {
        var split = () => TextHoldout.Split(new MemoryTextSource("text", "abc"), share);

        split.Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void A_tenth_of_Shakespeare_is_the_usual_split()
    {
        var path = Shared.Path("data/text/tinyshakespeare.txt");
        var text = File.ReadAllText(path);

        var (train, held) = TextHoldout.Split(new TextFileSource("tinyshakespeare", [path]), 0.1);

        Text(train).Should().Be(text[..(int)(text.Length * 0.9)]);
        Text(held).Should().Be(text[(int)(text.Length * 0.9)..]);
    }

    private static string Text(ITextSource source) => string.Concat(source.Read().Select(chunk => chunk.Text.ToString()));

    private static int Documents(ITextSource source) => source.Read().Count(chunk => chunk.EndsDocument);
}
