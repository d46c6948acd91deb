using Tweedie.Networks;

namespace Tweedie.Tests.Networks;

public sealed class SinusoidGridTests
{
    [Theory]
    [InlineData(4, 16)]
    [InlineData(3, 10)]
    public void A_position_is_the_sines_and_cosines_of_its_row_then_of_its_column(int side, int width)
    {
        using var grid = SinusoidGrid.Create(side, width);

        grid.shape.Should().Equal(side * side, width);
        var frequencies = width / 4;
        for (var row = 0; row < side; row++)
            for (var column = 0; column < side; column++)
                for (var i = 0; i < width; i++)
                {
                    var coordinate = i < 2 * frequencies ? row : column;
                    var angle = coordinate * Math.Pow(10_000, -(double)(i % frequencies) / frequencies);
                    var expected = i >= 4 * frequencies ? 0 : i / frequencies % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle);
                    ((double)grid[row * side + column, i].item<float>()).Should().BeApproximately(expected, 1e-5);
                }
    }

    [Fact]
    public void Patches_of_an_encoder_start_at_their_place_and_class_tokens_near_zero()
    {
        using var encoder = new VisionTransformer(new VisionTransformerOptions { ImageSize = 16, PatchSize = 4, Width = 16, Depth = 1, Heads = 2, ClassTokens = 2 });
        using var grid = SinusoidGrid.Create(4, 16);
        using var positions = encoder.named_parameters().Single(pair => pair.name == "pos_embed").parameter.detach();

        positions[0, 2..].allclose(grid).Should().BeTrue();
        positions[0, ..2].abs().max().item<float>().Should().BeLessThan(0.05f);
    }
}
