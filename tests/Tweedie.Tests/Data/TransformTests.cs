using CsCheck;
using Tweedie.Images;

namespace Tweedie.Tests.Data;

public sealed class TransformTests
{
    [Fact]
    public void Zero_padding_shifts_the_image_over_black()
    {
        var image = Encoded.Pattern(5, 4, 2, start: 1);
        var shifts = new HashSet<(int, int)>();
        for (var seed = 0; seed < 400; seed++)
            shifts.Add(ShiftOf(image, new PadCrop(2).Apply(image, new SampleRandom(seed)), outside: null));

        shifts.Should().HaveCount(25, "all shifts by -2 to 2 pixels happen"); // ShiftOf fails on any other picture
    }

    [Fact]
    public void Reflection_shows_the_neighbours_of_the_border()
    {
        var image = Encoded.Pattern(5, 4, 3, start: 1);
        for (var seed = 0; seed < 100; seed++)
            ShiftOf(image, new PadCrop(2, PadMode.Reflect).Apply(image, new SampleRandom(seed)), outside: Mirror);
    }

    [Fact]
    public void Padding_by_nothing_is_the_identity()
    {
        var image = Encoded.Pattern(5, 4, 3);
        new PadCrop(0).Apply(image, new SampleRandom(1)).Should().BeSameAs(image);
    }

    [Fact]
    public void Reflection_by_more_than_the_image_is_an_error() =>
        FluentActions.Invoking(() => new PadCrop(4, PadMode.Reflect).Apply(Encoded.Pattern(5, 4, 3), new SampleRandom(1)))
            .Should().Throw<TweedieException>().WithMessage("padCrop is 4, too much to reflect an image of 5x4 pixels.");

    [Fact]
    public void A_flip_mirrors_columns_and_is_its_own_inverse()
    {
        Gen.Select(Gen.Int[1, 9], Gen.Int[1, 9], Gen.Int[1, 3]).Sample((width, height, channels) =>
        {
            var image = Encoded.Pattern(width, height, channels);
            var flipped = new HorizontalFlip(1).Apply(image, new SampleRandom(0));

            flipped.Pixels[..channels].ToArray().Should().Equal(image.Pixels[((width - 1) * channels)..(width * channels)].ToArray());
            new HorizontalFlip(1).Apply(flipped, new SampleRandom(0)).ShouldEqual(image);
        }, iter: 50);
    }

    [Fact]
    public void A_flip_happens_as_often_as_asked()
    {
        var image = Encoded.Pattern(2, 1, 1);
        Enumerable.Range(0, 4000).Count(seed => new HorizontalFlip(0.25).Apply(image, new SampleRandom(seed)) != image)
            .Should().BeInRange(860, 1140); // 5 standard deviations
    }

    [Fact]
    public void Transforms_compose_in_order()
    {
        var image = Encoded.Pattern(8, 8, 3);
        var composed = new Compose(new ResizeCrop(4), new HorizontalFlip(1)).Apply(image, new SampleRandom(0));

        var resized = new ResizeCrop(4).Apply(image, new SampleRandom(0));
        composed.ShouldEqual(new HorizontalFlip(1).Apply(resized, new SampleRandom(0)));
        new Compose().Apply(image, new SampleRandom(0)).Should().BeSameAs(image);
    }

    [Fact]
    public void Training_transforms_follow_the_options()
    {
        var image = Encoded.Pattern(8, 8, 3);
        RasterImage[] Draws(AugmentOptions options) =>
            [.. Enumerable.Range(0, 20).Select(seed =>
                ImageTransforms.ForTraining(8, options, Normalization.Default(3)).Apply(image, new SampleRandom(seed)))];

        Draws(new AugmentOptions()).Should().OnlyContain(draw => draw == image);
        Draws(new AugmentOptions { Flip = true }).Select(draw => draw.Pixels[0]).Distinct()
            .Should().BeEquivalentTo([image.Pixels[0], image.Pixels[21]]);
        Draws(new AugmentOptions { PadCrop = 2 }).Select(draw => string.Join(',', draw.Pixels.ToArray())).Distinct().Should().HaveCountGreaterThan(5);
    }

    /// <summary>Finds the one shift that explains every pixel; fails where there is none.</summary>
    private static (int X, int Y) ShiftOf(RasterImage image, RasterImage shifted, Func<int, int, int>? outside)
    {
        var explanations =
            from shiftY in Enumerable.Range(-2, 5)
            from shiftX in Enumerable.Range(-2, 5)
            where Enumerable.Range(0, shifted.Pixels.Length).All(i => shifted.Pixels[i] == Expected(i, shiftX, shiftY))
            select (shiftX, shiftY);
        return explanations.Should().ContainSingle().Which;

        int Expected(int i, int shiftX, int shiftY)
        {
            var (x, y) = (i / image.Channels % image.Width + shiftX, i / image.Channels / image.Width + shiftY);
            if (outside is not null)
                (x, y) = (outside(x, image.Width), outside(y, image.Height));
            return x < 0 || y < 0 || x >= image.Width || y >= image.Height
                ? 0
                : image.Pixels[(y * image.Width + x) * image.Channels + i % image.Channels];
        }
    }

    private static int Mirror(int position, int size) => position < 0 ? -position : position >= size ? 2 * size - 2 - position : position;
}
