using Tweedie.Images;
using Tweedie.Tensors;

namespace Tweedie.Tests.Data;

public sealed class BadImageTests
{
    private static readonly ShapeSource _shapes = new(100, 16, seed: 5);
    private static readonly ImageLoaderOptions _training = new() { BatchSize = 10, Shuffle = true, DropLast = true, MaxBadShare = 0.05 };

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Another_image_takes_the_place_of_a_bad_one_the_same_for_any_number_of_workers(int workers)
    {
        var source = new FailingSource(_shapes, 7, 8, 50);
        var expected = Epoch(source, _training with { Workers = 0 });
        var batches = Epoch(source, _training with { Workers = workers });

        batches.Should().BeEquivalentTo(expected, options => options.WithStrictOrdering());
        batches.Should().HaveCount(10).And.OnlyContain(batch => batch.Indices.Length == 10);
        batches.SelectMany(batch => batch.Bad).Order().Should().Equal(7, 8, 50);
        batches.SelectMany(batch => batch.Indices).Should().NotContain([7, 8, 50]);
        batches.SelectMany(batch => batch.Indices.Zip(batch.Labels)).Should().OnlyContain(pair => pair.Second == _shapes.GetLabel(pair.First));
    }

    [Fact]
    public void Good_images_stay_where_they_are_and_an_epoch_is_continued_exactly()
    {
        var good = Epoch(_shapes, _training);
        var whole = Epoch(new FailingSource(_shapes, 7, 8, 50), _training);

        good.Zip(whole).SelectMany(pair => pair.First.Indices.Zip(pair.Second.Indices))
            .Where(pair => pair.First != pair.Second).Select(pair => pair.First).Should().BeEquivalentTo([7, 8, 50]);
        Epoch(new FailingSource(_shapes, 7, 8, 50), _training, start: 4).Should().BeEquivalentTo(whole[4..], options => options.WithStrictOrdering());
    }

    [Fact]
    public void What_takes_the_place_comes_from_the_same_block()
    {
        var source = new FailingSource(_shapes, 12, 13) { BlockStarts = [0, 10, 16, 40] };
        var (good, bad) = (Epoch(new FailingSource(_shapes) { BlockStarts = source.BlockStarts }, _training), Epoch(source, _training));
        good.Zip(bad).SelectMany(pair => pair.First.Indices.Zip(pair.Second.Indices))
            .Where(pair => pair.First != pair.Second).Should().HaveCount(2).And.OnlyContain(pair => pair.Second >= 10 && pair.Second < 16);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Where_its_block_has_no_good_image_another_block_gives_one(int workers)
    {
        // Each block has one image, except one block of four bad images.
        var source = new FailingSource(_shapes, 12, 13, 14, 15, 50) { BlockStarts = [.. Enumerable.Range(0, 100).Except([13, 14, 15])] };

        var batches = Epoch(source, _training with { Workers = workers });

        batches.SelectMany(batch => batch.Indices).Should().HaveCount(100).And.NotContain([12, 13, 14, 15, 50]);
        batches.Should().BeEquivalentTo(Epoch(source, _training with { Workers = 0 }), options => options.WithStrictOrdering());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Evaluation_leaves_bad_images_out(int workers)
    {
        var source = new FailingSource(_shapes, [.. Enumerable.Range(30, 10), 55]); // all images of one batch and one image of another
        var batches = Epoch(source, new ImageLoaderOptions { BatchSize = 10, Workers = workers, MaxBadShare = 0.2 });

        batches.Select(batch => batch.Indices.Length).Should().Equal(10, 10, 10, 10, 9, 10, 10, 10, 10);
        batches.SelectMany(batch => batch.Indices).Should().Equal(Enumerable.Range(0, 100).Where(index => index is not (>= 30 and < 40 or 55)));
        batches.SelectMany(batch => batch.Labels).Should().Equal(batches.SelectMany(batch => batch.Indices).Select(index => (long)_shapes.GetLabel(index)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void More_bad_images_than_allowed_end_the_epoch(int workers) =>
        FluentActions.Invoking(() => Epoch(new FailingSource(_shapes, 1, 20, 40, 60, 80, 99), _training with { Workers = workers }))
            .Should().Throw<TweedieException>().WithMessage("'shapes': 6 images of an epoch cannot be read, more than data.maxBadShare allows (5)*image * is broken");

    [Fact]
    public void Twenty_in_a_row_end_the_epoch_whatever_the_budget()
    {
        int[] nineteen = [.. Enumerable.Range(40, 19)];
        var options = new ImageLoaderOptions { BatchSize = 7, MaxBadShare = 1 };
        Epoch(new FailingSource(_shapes, nineteen), options).Sum(batch => batch.Indices.Length).Should().Be(81);
        FluentActions.Invoking(() => Epoch(new FailingSource(_shapes, [.. nineteen, 59]), options))
            .Should().Throw<TweedieException>().WithMessage("'shapes': 20 images in a row cannot be read, the last one: image 59 is broken");
    }

    [Fact]
    public void Without_a_budget_the_first_bad_image_is_an_error() =>
        FluentActions.Invoking(() => Epoch(new FailingSource(_shapes, 7), _training with { MaxBadShare = 0 }))
            .Should().Throw<TweedieException>().WithMessage("image 7 is broken");

    [Fact]
    public void The_first_image_may_be_bad() => Epoch(new FailingSource(_shapes, 0, 1), _training).Should().HaveCount(10);

    [Fact]
    public void A_set_without_a_good_image_is_an_error_that_names_one() =>
        FluentActions.Invoking(() => Epoch(new FailingSource(_shapes, [.. Enumerable.Range(0, 100)]), _training))
            .Should().Throw<TweedieException>().WithMessage("image * is broken");

    private static List<(int[] Indices, long[] Labels, int[] Bad, string Pixels)> Epoch(IImageSource source, ImageLoaderOptions options, int start = 0)
    {
        var batches = new List<(int[], long[], int[], string)>();
        foreach (var batch in new ImageLoader(source, new PadCrop(2), Normalization.Default(3), options).Epoch(1, start))
        {
            using (batch)
            {
                batches.Add(([.. batch.Indices], batch.Tensors().Targets.data<long>().ToArray(), [.. batch.BadImages.Select(bad => bad.Index)],
                    Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(batch.Tensors().Images.bytes))));
            }
        }

        return batches;
    }
}
