using CsCheck;
using Tweedie.Images;

namespace Tweedie.Tests.Data;

public sealed class NormalizationTests
{
    [Fact]
    public void Values_follow_the_formula_in_planes()
    {
        var gen = Gen.Select(Gen.Int[1, 7], Gen.Int[1, 7], Gen.Float[0, 1].Array[1, 4], Gen.Float[0.1f, 1], Gen.Int[0, 250]);
        gen.Sample((width, height, mean, std, start) =>
        {
            var channels = mean.Length;
            var image = Encoded.Pattern(width, height, channels, start);
            var values = new float[image.Pixels.Length];
            new Normalization(mean, [.. mean.Select((_, channel) => std + channel)]).Apply(image, values);

            for (var i = 0; i < image.Pixels.Length; i++)
            {
                var (channel, position) = (i % channels, i / channels);
                values[channel * width * height + position]
                    .Should().BeApproximately((image.Pixels[i] / 255f - mean[channel]) / (std + channel), 1e-6f);
            }
        }, iter: 200);
    }

    [Fact]
    public void Inverting_gives_the_pixels_back_and_cuts_off_what_lies_beyond()
    {
        var normalization = new Normalization([0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);
        var image = Encoded.Pattern(16, 16, 3);
        var values = new float[image.Pixels.Length];
        normalization.Apply(image, values);

        normalization.Invert(values, image.Shape).Pixels.ToArray().Should().Equal(image.Pixels.ToArray());
        Normalization.Default(1).Invert([-3, 3], new RasterImage(2, 1, 1, [0, 0]).Shape).Pixels.ToArray().Should().Equal(0, 255);
        FluentActions.Invoking(() => normalization.Invert(new float[4], image.Shape)).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void The_default_maps_to_minus_one_to_one()
    {
        var values = new float[2];
        Normalization.Default(1).Apply(new RasterImage(2, 1, 1, [0, 255]), values);
        values.Should().Equal(-1, 1);
    }

    [Fact]
    public void Options_without_values_mean_one_half()
    {
        var normalization = Normalization.Create(new DataOptions { Mean = [0.1, 0.2, 0.3] }, 3);
        normalization.Mean.Should().Equal(0.1f, 0.2f, 0.3f);
        normalization.Std.Should().Equal(0.5f, 0.5f, 0.5f);
    }

    [Fact]
    public void Options_that_do_not_fit_the_images_are_named()
    {
        FluentActions.Invoking(() => Normalization.Create(new DataOptions { Mean = [0.1, 0.2, 0.3] }, 1))
            .Should().Throw<TweedieException>().WithMessage("data.mean has 3 values, but the images have 1 channels*");
        FluentActions.Invoking(() => Normalization.Create(new DataOptions { Std = [0] }, 1))
            .Should().Throw<TweedieException>().WithMessage("data.std has the value 0, expected a positive number.");
        FluentActions.Invoking(() => Normalization.Create(new DataOptions { Mean = [double.NaN] }, 1))
            .Should().Throw<TweedieException>().WithMessage("data.mean has the value NaN, expected a number.");
    }

    [Fact]
    public void An_image_with_other_channels_is_refused() =>
        FluentActions.Invoking(() => Normalization.Default(3).Apply(new RasterImage(1, 1, 1, [0]), new float[1]))
            .Should().Throw<ArgumentException>();
}
