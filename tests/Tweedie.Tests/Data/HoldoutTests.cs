using CsCheck;
using Tweedie.Images;

namespace Tweedie.Tests.Data;

public sealed class HoldoutTests
{
    [Fact]
    public void The_parts_are_disjoint_and_together_all()
    {
        Gen.Select(Gen.Int[0, 9].Array[2, 200], Gen.Int[0, 199], Gen.Long).Sample((labels, count, seed) =>
        {
            count %= labels.Length;
            var (train, held) = Holdout.Split(new LabelSource(labels), count, seed);

            held.Count.Should().Be(count);
            Indices(train).Concat(Indices(held)).Order().Should().Equal(Enumerable.Range(0, labels.Length));
        }, iter: 100);
    }

    [Fact]
    public void Every_class_gives_its_share_to_within_one_image()
    {
        Gen.Select(Gen.Int[0, 4].Array[10, 200], Gen.Int[1, 9]).Sample((labels, count) =>
        {
            var source = new LabelSource(labels);
            var (_, held) = Holdout.Split(source, count, seed: 1);
            for (var label = 0; label < source.ClassNames.Count; label++)
            {
                var share = (double)count * labels.Count(value => value == label) / labels.Length;
                ((double)Enumerable.Range(0, held.Count).Count(index => held.GetLabel(index) == label))
                    .Should().BeInRange(Math.Floor(share), Math.Ceiling(share));
            }
        }, iter: 100);
    }

    [Fact]
    public void The_split_depends_on_the_seed_alone()
    {
        var source = new LabelSource([.. Enumerable.Range(0, 100).Select(i => i % 10)]);
        int[] Held(long seed) => [.. Indices(Holdout.Split(source, 30, seed).Held)];

        Held(5).Should().Equal(Held(5));
        Held(5).Should().NotEqual(Held(6));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(10)]
    public void Nothing_left_to_train_on_is_an_error(int count) =>
        FluentActions.Invoking(() => Holdout.Split(new LabelSource(new int[10]), count, 0))
            .Should().Throw<TweedieException>().WithMessage($"Cannot set {count} of the 10 images of 'labels' aside*");

    private static IEnumerable<int> Indices(IImageSource part) => ((SubsetSource)part).Indices;
}
