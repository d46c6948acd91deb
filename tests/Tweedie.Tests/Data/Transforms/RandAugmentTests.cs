using Tweedie.Images;

namespace Tweedie.Tests.Data.Transforms;

public sealed class RandAugmentTests
{
    private static readonly float[] _mean = [0.485f, 0.456f, 0.406f];

    [Fact]
    public void The_usual_settings_are_read() =>
        RandAugmentPolicy.Parse("rand-m9-mstd0.5-inc1").Should()
            .Be(new RandAugmentPolicy { Magnitude = 9, MagnitudeStd = 0.5, Increasing = true });

    [Fact]
    public void Every_setting_is_read() =>
        RandAugmentPolicy.Parse("rand-n3-p0.25-m12-mmax20-mstd101").Should().Be(new RandAugmentPolicy
        {
            Operations = 3,
            Probability = 0.25,
            Magnitude = 12,
            MaximumMagnitude = 20,
            MagnitudeStd = double.PositiveInfinity,
        });

    [Theory]
    [InlineData("rand-m9-x3", "x3")]
    [InlineData("rand-m9.5", "m9.5")]
    [InlineData("rand-m9-inc0", "inc0")]
    [InlineData("rand-p1.5", "p1.5")]
    [InlineData("rand-n0", "n0")]
    [InlineData("rand-m", "m")]
    [InlineData("rand--m9", "")]
    [InlineData("rand-m9-mstd0.5.1", "mstd0.5.1")]
    public void A_part_that_cannot_be_read_is_named(string text, string part) =>
        FluentActions.Invoking(() => RandAugmentPolicy.Parse(text)).Should().Throw<TweedieException>()
            .WithMessage($"randAugment = \"{text}\" has the part '{part}': expected m9 (magnitude), *")
            .Which.Message.Should().NotContain("\n");

    [Fact]
    public void Other_policies_are_refused() =>
        FluentActions.Invoking(() => RandAugmentPolicy.Parse("augmix-m5")).Should().Throw<TweedieException>()
            .WithMessage("randAugment = \"augmix-m5\" must begin with 'rand', as in rand-m9-mstd0.5-inc1");

    [Fact]
    public void Magnitudes_are_normal_and_clipped()
    {
        var transform = Create("rand-m9-mstd0.5-inc1");
        var random = new SampleRandom(1);
        var draws = Enumerable.Range(0, 100_000).Select(_ => transform.DrawMagnitude(random)).ToArray();

        // timm: mean 8.9929, deviation 0.4892, 2.2 % at 10; bounds of 4 standard errors.
        draws.Average().Should().BeApproximately(8.9958, 0.0062); // 9 less the clipped tail, 0.5·(φ(2) - 2·(1 - Φ(2)))
        Math.Sqrt(draws.Average(x => x * x) - Math.Pow(draws.Average(), 2)).Should().BeApproximately(0.4892, 0.0045);
        draws.Average(x => x == 10 ? 1.0 : 0).Should().BeApproximately(0.02275, 0.0019);
        draws.Should().OnlyContain(x => x >= 0 && x <= 10);
    }

    [Fact]
    public void An_infinite_deviation_draws_magnitudes_uniformly()
    {
        var transform = Create("rand-m8-mstd101");
        var random = new SampleRandom(2);
        var draws = Enumerable.Range(0, 10_000).Select(_ => transform.DrawMagnitude(random)).ToArray();

        draws.Average().Should().BeApproximately(4, 0.1);
        draws.Average(x => x * x).Should().BeApproximately(64 / 3.0, 0.8);
    }

    [Fact]
    public void A_quarter_of_the_images_is_left_alone()
    {
        var image = Encoded.Pattern(6, 6, 3);
        var transform = Create("rand-m9-mstd0.5-inc1");
        Enumerable.Range(0, 4000).Count(seed => transform.Apply(image, new SampleRandom(seed)) == image)
            .Should().BeInRange(860, 1140); // 5 standard deviations
    }

    [Fact]
    public void Equal_seeds_give_equal_images_and_others_give_others()
    {
        var image = Encoded.Pattern(8, 8, 3);
        var transform = Create("rand-m9-mstd0.5-inc1-p1");
        string Draw(int seed) => Convert.ToHexString(transform.Apply(image, new SampleRandom(seed)).Pixels);

        Draw(1).Should().Be(Draw(1));
        Enumerable.Range(0, 50).Select(Draw).Distinct().Should().HaveCountGreaterThan(40);
    }

    [Fact]
    public void Moved_images_leave_the_mean_colour_behind()
    {
        var image = Encoded.Plain(8, 8, 0, 0, 0);
        var transform = Create("rand-m9-n1-p1");
        var colours = Enumerable.Range(0, 200)
            .SelectMany(seed => transform.Apply(image, new SampleRandom(seed)).Pixels.ToArray().Chunk(3))
            .Select(pixel => (pixel[0], pixel[1], pixel[2]))
            .ToHashSet();
        colours.Should().Contain(((byte)124, (byte)116, (byte)104));
    }

    [Fact]
    public void Images_of_other_channels_are_an_error() =>
        FluentActions.Invoking(() => Create("rand-m9").Apply(Encoded.Pattern(8, 8, 1), new SampleRandom(1)))
            .Should().Throw<TweedieException>().WithMessage("The images have 1 channel(s), but the model's input has 3; *");

    private static RandAugment Create(string policy) => new(RandAugmentPolicy.Parse(policy), _mean);
}
