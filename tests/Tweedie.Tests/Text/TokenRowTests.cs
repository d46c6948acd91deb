using Tweedie.Text;

namespace Tweedie.Tests.Text;

/// <summary>Rows have a fixed length, a start, an end and padding; the part before the end is decoded.</summary>
public sealed class TokenRowTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private ITokenizer Bert => SmallTokenizer.Create("bert", _folder);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a dog", 6, true, new[] { 2, 5, 8, 3, 0, 0 })]
    [InlineData("a dog", 6, false, new[] { 5, 8, 3, 0, 0, 0 })]
    [InlineData("a dog", 4, true, new[] { 2, 5, 8, 3 })]
    [InlineData("a dog", 3, true, new[] { 2, 5, 3 })]
    [InlineData("a dog", 1, true, new[] { 3 })]
    [InlineData("", 3, true, new[] { 2, 3, 0 })]
    public void A_row_is_start_text_end_padding_cut_to_its_length(string text, int length, bool withStart, int[] row) =>
        Bert.EncodeRow(text, length, withStart).Should().Equal(row);

    [Theory]
    [InlineData(new[] { 2, 5, 8, 9, 3, 5, 5 }, "a dogs")]
    [InlineData(new[] { 5, 0, 8, 0 }, "a dog")]
    [InlineData(new[] { 3 }, "")]
    [InlineData(new[] { 5, 4, 1 }, "a [MASK] [UNK]")]
    public void A_predicted_row_reads_up_to_the_first_end_token(int[] row, string text) => Bert.DecodeRow(row).Should().Be(text);

    [Fact]
    public void Clip_keeps_the_ordinary_entry_that_it_pads_with()
    {
        var clip = SmallTokenizer.Create("clip", _folder);

        clip.DecodeRow(clip.EncodeRow("dog !?", 12)).Should().Be("dog !?");
    }

    [Fact]
    public void Clip_captions_read_like_sentences()
    {
        var clip = SmallTokenizer.Create("clip", _folder);

        clip.DecodeRow(clip.EncodeRow("The dog's well-known, isn't it?", 40)).Should().Be("the dog's well-known, isn't it?");
    }

    [Fact]
    public void Lengths_and_ids_out_of_range_are_refused()
    {
        var length = () => Bert.EncodeRow("a", 0);
        var id = () => Bert.Decode([Bert.VocabularySize]);

        length.Should().Throw<ArgumentOutOfRangeException>();
        id.Should().Throw<ArgumentOutOfRangeException>();
    }
}
