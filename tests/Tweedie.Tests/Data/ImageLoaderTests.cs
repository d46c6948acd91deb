using Tweedie.Images;
using Tweedie.Tensors;
using static TorchSharp.torch;

namespace Tweedie.Tests.Data;

public sealed class ImageLoaderTests
{
    private static readonly ShapeSource _shapes = new(50, 16, seed: 5);

    [Fact]
    public void Batches_have_shapes_types_and_the_labels_of_their_indices()
    {
        using var batch = Loader(new ImageLoaderOptions { BatchSize = 8, Shuffle = true }).Epoch(0).First();

        batch.Tensors().Images.shape.Should().Equal(8, 3, 16, 16);
        batch.Tensors().Images.dtype.Should().Be(ScalarType.Float32);
        batch.Tensors().Targets.dtype.Should().Be(ScalarType.Int64);
        batch.Tensors().Targets.data<long>().ToArray().Should().Equal(batch.Indices.Select(index => (long)_shapes.GetLabel(index)));
        var expected = new float[3 * 16 * 16];
        Normalization.Default(3).Apply(_shapes.Read(batch.Indices[3]), expected);
        using var image = batch.Tensors().Images[3];
        image.data<float>().ToArray().Should().Equal(expected);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void A_row_of_tokens_goes_with_each_image_and_can_change_from_epoch_to_epoch(int workers)
    {
        var loader = Loader(new ImageLoaderOptions { BatchSize = 8, Shuffle = true, Workers = workers }, targets: Tokens);

        foreach (var batch in loader.Epoch(3))
        {
            using (batch)
            {
                batch.Tensors().Targets.shape.Should().Equal(batch.Indices.Count, 3);
                batch.Tensors().Targets.data<long>().ToArray().Should().Equal(batch.Indices.SelectMany(index => Tokens(3, index).ToArray()));
            }
        }

        static ReadOnlySpan<long> Tokens(int epoch, int index) => new long[] { epoch, index, 7 };
    }

    [Fact]
    public void A_row_of_another_length_is_an_error()
    {
        var loader = Loader(new ImageLoaderOptions { BatchSize = 8 }, targets: (_, index) => new long[index == 5 ? 2 : 3]);
        FluentActions.Invoking(() => Contents(loader.Epoch(0))).Should().Throw<InvalidOperationException>().WithMessage("*shape 5 * has 2 tokens, but *shape 0 * has 3.");
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 1)]
    [InlineData(4, 7)]
    public void Any_number_of_workers_gives_the_same_batches(int workers, int prefetch)
    {
        var options = new ImageLoaderOptions { BatchSize = 7, Shuffle = true, Seed = 3, Workers = 0 };
        Contents(Loader(options with { Workers = workers, Prefetch = prefetch }, Augment).Epoch(2))
            .Should().Equal(Contents(Loader(options, Augment).Epoch(2)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void An_epoch_is_continued_exactly_from_any_batch(int workers)
    {
        var loader = Loader(new ImageLoaderOptions { BatchSize = 7, Shuffle = true, Workers = workers }, Augment);
        var whole = Contents(loader.Epoch(1));

        for (var start = 0; start <= loader.BatchesPerEpoch; start++)
            Contents(loader.Epoch(1, start)).Should().Equal(whole[start..]);
    }

    [Fact]
    public void An_epoch_visits_every_image_once_in_an_order_of_its_own()
    {
        var loader = Loader(new ImageLoaderOptions { BatchSize = 8, Shuffle = true });
        var (first, second) = (Indices(loader.Epoch(0)), Indices(loader.Epoch(1)));

        first.Order().Should().Equal(Enumerable.Range(0, 50));
        second.Order().Should().Equal(Enumerable.Range(0, 50));
        first.Should().NotEqual(second);
        first.Should().NotEqual(Indices(Loader(new ImageLoaderOptions { BatchSize = 8, Shuffle = true, Seed = 1 }).Epoch(0)));
        Indices(Loader(new ImageLoaderOptions()).Epoch(0)).Should().Equal(Enumerable.Range(0, 50));
    }

    [Fact]
    public void The_augmentation_of_an_image_changes_from_epoch_to_epoch()
    {
        var loader = Loader(new ImageLoaderOptions { BatchSize = 50 }, Augment);
        Contents(loader.Epoch(0)).Should().NotEqual(Contents(loader.Epoch(1)));
    }

    [Theory]
    [InlineData(false, 7, 2)]
    [InlineData(true, 6, 8)]
    public void The_last_batch_is_smaller_or_dropped(bool dropLast, int batches, int last)
    {
        var loader = Loader(new ImageLoaderOptions { BatchSize = 8, DropLast = dropLast });
        var sizes = new List<int>();
        foreach (var batch in loader.Epoch(0))
        {
            using (batch)
                sizes.Add(batch.Indices.Count);
        }

        loader.BatchesPerEpoch.Should().Be(batches);
        sizes.Should().HaveCount(batches);
        sizes[^1].Should().Be(last);
    }

    [Fact]
    public void Batches_in_page_locked_memory_are_the_same()
    {
        Assert.SkipUnless(cuda.is_available(), "this machine has no CUDA");
        var options = new ImageLoaderOptions { BatchSize = 8, Shuffle = true, DropLast = true, Workers = 2 };
        var pinned = Loader(options with { Allocate = TensorBatchMemory.AllocatePageLocked }, Augment);

        using (var batch = pinned.Epoch(0).First())
            (batch.Tensors().Images.is_pinned(), batch.Tensors().Targets.is_pinned()).Should().Be((true, true));
        Contents(pinned.Epoch(0)).Should().Equal(Contents(Loader(options, Augment).Epoch(0)));
    }

    [Fact]
    public void An_image_of_another_size_is_named()
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, size) in new[] { ("a/1.png", 8), ("a/2.png", 8), ("b/3.png", 9) })
            folder.Write(name, Encoded.Image(Encoded.Pattern(size, 8, 3), ".png"));
        var loader = Loader(new ImageLoaderOptions { BatchSize = 2 }, source: new ImageFolderSource(folder.Path));

        loader.Shape.Should().Be(new ImageShape(3, 8, 8));
        FluentActions.Invoking(() => Contents(loader.Epoch(0))).Should().Throw<TweedieException>()
            .WithMessage("*3.png is 3x8x9, but *1.png is 3x8x8: images of a data set need one size, resize them.");
    }

    [Fact]
    public void Too_few_images_for_a_batch_are_an_error() =>
        FluentActions.Invoking(() => Loader(new ImageLoaderOptions { BatchSize = 51, DropLast = true }))
            .Should().Throw<TweedieException>().WithMessage("'shapes' has 50 images, fewer than one batch of 51*");

    [Fact]
    public void A_batch_can_be_larger_than_a_span_can_address()
    {
        var shape = new ImageShape(3, 4096, 4096); // eleven of them take 2.06 GiB, of which only the written page needs real memory
        using var batch = new PendingBatch(TensorBatchMemory.Allocate(shape, 11, null), new int[11]);
        batch.Image(10)[^1] = 7;

        using var images = batch.Finish(leaveOut: false)!;
        images.Tensors().Images[10, 2, 4095, 4095].item<float>().Should().Be(7);
    }

    private static Compose Augment => new(new PadCrop(2), new HorizontalFlip());

    private static ImageLoader Loader(ImageLoaderOptions options, IImageTransform? transform = null, IImageSource? source = null,
        TargetRow? targets = null) =>
        new(source ?? _shapes, transform ?? new Compose(), Normalization.Default(3), options with { Allocate = options.Allocate ?? TensorBatchMemory.Allocate }, targets);

    /// <summary>Indices, labels and pixels of each batch as text, for comparison bit by bit.</summary>
    private static List<string> Contents(IEnumerable<ImageBatch> batches)
    {
        var contents = new List<string>();
        foreach (var batch in batches)
        {
            using (batch)
            {
                var (labels, images) = (Convert.ToHexString(batch.Tensors().Targets.bytes), Convert.ToHexString(batch.Tensors().Images.bytes));
                contents.Add($"{string.Join(',', batch.Indices)} {labels} {images}");
            }
        }

        return contents;
    }

    private static List<int> Indices(IEnumerable<ImageBatch> batches)
    {
        var indices = new List<int>();
        foreach (var batch in batches)
        {
            using (batch)
                indices.AddRange(batch.Indices);
        }

        return indices;
    }
}
