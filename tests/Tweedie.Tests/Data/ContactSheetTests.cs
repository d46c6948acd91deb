using Tweedie.Images;

namespace Tweedie.Tests.Data;

public sealed class ContactSheetTests
{
    [Fact]
    public void Large_images_are_shrunk_to_their_cell_and_small_ones_keep_their_size()
    {
        var sheet = ContactSheet.Draw([Encoded.Plain(2000, 1000, 200, 0, 0), Encoded.Plain(30, 40, 7)], columns: 2);

        (sheet.Width, sheet.Height).Should().Be((2 * (512 + 2) + 2, 256 + 2 + 2));
        RedAt(2, 2).Should().Be(200);
        RedAt(2 + 511, 2 + 255).Should().Be(200);
        RedAt(2 + 512, 2).Should().Be(128, "there is a gap");
        RedAt(2 + 514, 2).Should().Be(7);
        RedAt(2 + 514 + 30, 2).Should().Be(128);

        int RedAt(int x, int y) => sheet.Pixels[(y * sheet.Width + x) * 3];
    }

    [Fact]
    public void Images_of_any_size_and_number_are_drawn_one_after_the_other()
    {
        var shown = 0;
        var sheet = ContactSheet.Draw(Enumerable.Range(0, 48).Select(_ => new RasterImage(3000 + shown++, 10, 1, new byte[(2999 + shown) * 10])), columns: 8);

        (sheet.Width, sheet.Height).Should().Be((8 * 514 + 2, 6 * (1 + 2) + 2));
    }
}
