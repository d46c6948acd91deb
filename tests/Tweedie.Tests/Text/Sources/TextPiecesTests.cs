using CsCheck;
using Tweedie.Text;

namespace Tweedie.Tests.Text.Sources;

/// <summary>Running text is cut where no word goes on, at places that do not depend on how it is read.</summary>
public sealed class TextPiecesTests
{
    private static readonly Gen<string> _text = Gen.OneOfConst(" ", "\n", "\r\n", "\t", "dog", "dogs.", "don't", "12", "猫", "𐐀", "\u00A0", "!?").Array[0, 60].Select(string.Concat);

    [Fact]
    public void The_pieces_put_together_are_the_text_and_do_not_depend_on_blocks() =>
        _text.Array[1, 3].Select(Gen.Int[1, 50]).Sample((documents, block) =>
        {
            var pieces = TextPieces.Split(new ChunkedText(block, documents), default).ToArray();

            pieces.Should().Equal(TextPieces.Split(new ChunkedText(1_000_000, documents), default));
            pieces.Count(piece => piece.EndsDocument).Should().Be(documents.Length);
            string.Concat(pieces.Select(piece => piece.Text + (piece.EndsDocument ? "\0" : ""))).Should().Be(string.Concat(documents.Select(document => document + '\0')));
        });

    [Fact]
    public void Encoding_piece_by_piece_gives_the_ids_of_the_whole()
    {
        ITokenizer[] tokenizers = [Gpt2Tokenizer.Create(), new ByteTokenizer(), WordTokenizer.Build(["dog dogs . don ' t 12 猫 ! ?"])];

        _text.Sample(text =>
        {
            foreach (var tokenizer in tokenizers)
                TextPieces.Split(new ChunkedText(7, text), default).SelectMany(piece => tokenizer.Encode(piece.Text)).Should().Equal(tokenizer.Encode(text));
        });
    }

    [Fact]
    public void Lines_are_numbered()
    {
        var pieces = TextPieces.Split(new ChunkedText(5, "one\ntwo\r\n\r\n\nfive\n", "six"), default).ToArray();

        pieces.Select(piece => (piece.Text, piece.FirstLine)).Should().Equal(("one", 1), ("\ntwo", 2), ("\r\n\r\n\nfive", 5), ("\n", 5), ("six", 1));
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("")]
    [InlineData("𐐀")]
    public void Long_lines_are_cut_at_white_space_or_else_between_characters(string separator)
    {
        var word = separator == "𐐀" ? "" : "猫猫猫猫猫";
        var text = string.Concat(Enumerable.Repeat(word + separator, 20_000)) + "x";
        var pieces = TextPieces.Split(new ChunkedText(999, text), default).ToArray();

        string.Concat(pieces.Select(piece => piece.Text)).Should().Be(text);
        pieces.Should().OnlyContain(piece => piece.Text.Length <= 1 << 14).And.HaveCountLessThan(text.Length / (1 << 14) + 3);
        pieces.Skip(1).Should().OnlyContain(piece => !char.IsLowSurrogate(piece.Text[0]));
        if (separator == " ")
            pieces.Skip(1).Should().OnlyContain(piece => piece.Text.StartsWith(" 猫"));
        pieces.Should().Equal(TextPieces.Split(new ChunkedText(1_000_000, text), default));
    }
}
