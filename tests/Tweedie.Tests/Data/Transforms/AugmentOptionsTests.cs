using Tweedie.Configuration;
using Tweedie.Images;

namespace Tweedie.Tests.Data.Transforms;

public sealed class AugmentOptionsTests
{
    [Fact]
    public void The_settings_of_a_vision_transformer_are_read_from_a_config()
    {
        const string yaml = """
            randomResizedCrop: { minArea: 0.2 }
            flip: true
            randAugment: rand-m9-mstd0.5-inc1
            erasing: { probability: 0.5, mode: random, count: 2 }
            mixup: { alpha: 0.8, cutMixAlpha: 1, switchProbability: 0.3 }
            """;
        var expected = new AugmentOptions
        {
            RandomResizedCrop = new RandomResizedCropOptions { MinArea = 0.2 },
            Flip = true,
            RandAugment = "rand-m9-mstd0.5-inc1",
            Erasing = new ErasingOptions { Probability = 0.5, Mode = ErasingMode.Random, Count = 2 },
            Mixup = new MixupOptions { Alpha = 0.8, CutMixAlpha = 1, SwitchProbability = 0.3 },
        };

        Read(yaml).Should().Be(expected);
        Read(ConfigWriter.ToYaml(expected)).Should().Be(expected);
        Read(ConfigWriter.ToYaml(new AugmentOptions())).Should().Be(new AugmentOptions());
    }

    [Theory]
    [InlineData("randAugment: rand-m9-z1", "*randAugment = \"rand-m9-z1\" has the part 'z1': expected *")]
    [InlineData("erasing: { probability: 2 }", "*erasing.probability = 2*out of range*")]
    [InlineData("erasing: { minArea: 0.5 }", "*erasing.minArea = 0.5 must not exceed maxArea (0.333*")]
    [InlineData("randomResizedCrop: { minRatio: 2 }", "*randomResizedCrop.minRatio = 2 must not exceed maxRatio (1.33*")]
    [InlineData("randomResizedCrop: { minArea: 0.5, maxArea: 0.4 }", "*randomResizedCrop.minArea = 0.5 must not exceed maxArea (0.4)")]
    [InlineData("mixup: { alpha: 0 }", "*mixup.alpha = 0 must be above 0 where cutMixAlpha is 0")]
    public void Wrong_settings_are_named(string yaml, string message) =>
        FluentActions.Invoking(() => Read(yaml)).Should().Throw<TweedieException>().WithMessage(message);

    [Fact]
    public void Training_transforms_follow_the_options_in_order()
    {
        var image = Encoded.Pattern(40, 30, 3);
        var options = new AugmentOptions { RandomResizedCrop = new RandomResizedCropOptions(), Flip = true, RandAugment = "rand-m9-p1" };
        var normalization = Normalization.Default(3);
        var expected = new Compose(
            new RandomResizedCrop(8), new HorizontalFlip(), new RandAugment(RandAugmentPolicy.Parse("rand-m9-p1"), normalization.Mean));

        for (var seed = 0; seed < 10; seed++)
        {
            ImageTransforms.ForTraining(8, options, normalization).Apply(image, new SampleRandom(seed)).Pixels.ToArray()
                .Should().Equal(expected.Apply(image, new SampleRandom(seed)).Pixels.ToArray());
        }
    }

    private static AugmentOptions Read(string yaml) => ConfigDocument.Parse(yaml, "augment.yaml").Bind<AugmentOptions>();
}
