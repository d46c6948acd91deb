using Tweedie.Images;

namespace Tweedie.Tests.Data;

public sealed class ShapeSourceTests
{
    [Fact]
    public void An_image_is_a_function_of_seed_and_index()
    {
        var source = new ShapeSource(50, 24, seed: 3);

        source.Read(41).ShouldEqual(new ShapeSource(1000, 24, seed: 3).Read(41));
        source.Read(41).Pixels.ToArray().Should().NotEqual(source.Read(31).Pixels.ToArray()); // of the same class
        source.Read(41).Pixels.ToArray().Should().NotEqual(new ShapeSource(50, 24, seed: 4).Read(41).Pixels.ToArray());
    }

    [Fact]
    public void Classes_are_balanced_and_named()
    {
        var source = new ShapeSource(200);

        source.ClassNames.Should().Equal("circle", "ring", "half", "crescent", "square", "triangle", "star", "cross", "heart", "arrow");
        Enumerable.Range(0, 200).CountBy(source.GetLabel).Should().HaveCount(10).And.OnlyContain(pair => pair.Value == 20);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(64)]
    public void Images_have_the_size_asked_for(int size) =>
        new ShapeSource(1, size).Read(0).Shape.Should().Be(new ImageShape(3, size, size));

    [Fact]
    public void Shapes_fit_into_the_unit_circle_and_have_similar_areas()
    {
        foreach (var shape in Shape.All)
        {
            var covered = 0;
            for (var i = 0; i < 160_000; i++)
            {
                var point = new System.Numerics.Vector2(i % 400 / 200f - 1, i / 400 / 200f - 1);
                if (shape.Distance(point) >= 0)
                    continue;
                covered++;
                point.Length().Should().BeLessThan(1.05f, shape.Name);
            }

            (covered / 40_000.0).Should().BeInRange(0.9, 2.0, $"that is the area of a {shape.Name}");
        }
    }

    [Fact]
    public void Training_and_test_images_differ()
    {
        var train = ImageSources.Open("shapes:count=20,test=10,size=16,seed=7", DataSplit.Train);
        var test = ImageSources.Open("shapes:count=20,test=10,size=16,seed=7", DataSplit.Test);

        (train.Count, test.Count).Should().Be((20, 10));
        train.Read(0).Pixels.ToArray().Should().NotEqual(test.Read(0).Pixels.ToArray());
        train.Read(0).ShouldEqual(new ShapeSource(1, 16, 7).Read(0));
    }

    [Theory]
    [InlineData("shapes:sizes=32", "'shapes:sizes=32': 'sizes' is unknown; use count, test, val, size, seed.")]
    [InlineData("shapes:size=8", "'shapes:size=8': size is 8 and must be 16 to 64.")]
    [InlineData("shapes:count=0", "'shapes:count=0': count is 0 and must be 1 to 2147483647.")]
    [InlineData("shapes:count", "'shapes:count': 'count' is not of the form count=NUMBER.")]
    [InlineData("shapes:count=many", "'shapes:count=many': 'count=many' is not of the form count=NUMBER.")]
    [InlineData("shapes:seed=1,seed=2", "'shapes:seed=1,seed=2': 'seed' is given twice.")]
    public void Wrong_settings_are_named(string specification, string message) =>
        FluentActions.Invoking(() => ImageSources.Open(specification, DataSplit.Train))
            .Should().Throw<TweedieException>().WithMessage(message);
}
