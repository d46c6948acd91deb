using Tweedie.Images;

namespace Tweedie.Tests.Data;

public sealed class ContactSheetTests
{
    private const int Gap = 8;
    private const int Line = 24; // under each image
    private const int Ground = 48;

    [Fact]
    public void Large_images_are_shrunk_to_their_cell_and_small_ones_enlarged_by_a_whole_number()
    {
        var sheet = ContactSheet.Draw([(Encoded.Plain(2000, 1000, 200, 0, 0), ""), (Encoded.Plain(30, 40, 7), "")], columns: 2);

        (sheet.Width, sheet.Height).Should().Be((2 * (160 + Gap) + Gap, 160 + Line + 2 * Gap));
        RedAt(Gap, Gap + 40).Should().Be(200, "it is 160 x 80 pixels, in the middle of its cell");
        RedAt(Gap + 159, Gap + 119).Should().Be(200);
        RedAt(Gap, Gap + 39).Should().Be(Ground);
        RedAt(Gap + 160, Gap + 60).Should().Be(Ground, "there is a gap");
        RedAt(Gap + 168 + 20, Gap).Should().Be(7, "four times 30 x 40 pixels");
        RedAt(Gap + 168 + 139, Gap + 159).Should().Be(7);
        RedAt(Gap + 168 + 19, Gap).Should().Be(Ground);

        int RedAt(int x, int y) => sheet.Pixels[(y * sheet.Width + x) * 3];
    }

    [Fact]
    public void Images_of_any_size_and_number_are_drawn_one_after_the_other()
    {
        var shown = 0;
        var sheet = ContactSheet.Draw(Enumerable.Range(0, 48).Select(_ => (new RasterImage(3000 + shown++, 10, 1, new byte[(2999 + shown) * 10]), "a")), columns: 8);

        (sheet.Width, sheet.Height).Should().Be((8 * (160 + Gap) + Gap, 6 * (160 + Line + Gap) + Gap));
    }

    [Theory]
    [InlineData("cat")]
    [InlineData("<b> & cats")] // signs of the text's own markup
    [InlineData("a photograph of many more words than fit under one image of this size")]
    [InlineData("one_word_of_very_many_letters_that_has_no_blank_to_be_cut_at")]
    public void A_text_stands_under_its_image_and_stays_in_its_cell(string text)
    {
        var sheet = ContactSheet.Draw([(Encoded.Plain(160, 160, 0), ""), (Encoded.Plain(160, 160, 0), text)], columns: 2);

        var bright = (from y in Enumerable.Range(0, sheet.Height) from x in Enumerable.Range(0, sheet.Width) where sheet.Pixels[(y * sheet.Width + x) * 3] > 128 select (x, y)).ToList();
        bright.Should().HaveCountGreaterThan(20, "there are letters").And.OnlyContain(at => at.x >= 2 * Gap + 160 && at.x < sheet.Width - Gap && at.y >= Gap + 160 && at.y < sheet.Height - Gap);
    }
}
