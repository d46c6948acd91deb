using Tweedie.Images;
using Tweedie.Tensors;
using static TorchSharp.torch;

namespace Tweedie.Tests.Data;

/// <summary>What reads ahead ends in order: by itself, when the caller leaves, when an image is broken and when it is cancelled.</summary>
public sealed class ImageLoaderWorkersTests
{
    private static readonly ShapeSource _shapes = new(50, 16, seed: 5);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void No_tensor_outlives_its_batch(int workers)
    {
        var before = LiveTensors.Count;
        foreach (var batch in Loader(new ImageLoaderOptions { BatchSize = 8, Workers = workers }).Epoch(0))
            batch.Dispose();
        foreach (var batch in Loader(new ImageLoaderOptions { BatchSize = 8, Workers = workers, Prefetch = 5 }).Epoch(0))
        {
            batch.Dispose();
            break; // the batches read ahead are disposed too
        }

        LiveTensors.Count.Should().Be(before);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Scopes_of_the_caller_do_not_own_a_batch(int workers)
    {
        using var batches = Loader(new ImageLoaderOptions { BatchSize = 8, Workers = workers }).Epoch(0).GetEnumerator();
        ImageBatch batch;
        using (NewDisposeScope())
        {
            batches.MoveNext();
            batch = batches.Current;
        }

        batch.Tensors().Images.IsInvalid.Should().BeFalse();
        batches.MoveNext().Should().BeTrue();
        batch.Dispose();
        batches.Current.Dispose();
    }

    [Fact]
    public void Leaving_early_stops_the_workers()
    {
        var source = new CountingSource(new ShapeSource(400, 16), readTime: TimeSpan.FromMilliseconds(5));
        var loader = Loader(new ImageLoaderOptions { BatchSize = 40, Workers = 2, Prefetch = 6 }, source: source);
        var whenLeaving = 0;
        foreach (var batch in loader.Epoch(0))
        {
            batch.Dispose();
            whenLeaving = source.Reads;
            break;
        }

        var reads = source.Reads;
        reads.Should().BeLessThan(whenLeaving + 80, "of the five batches ahead four, 160 images, are not finished");
        Thread.Sleep(50);
        source.Reads.Should().Be(reads);
    }

    [Fact]
    public void Reading_ahead_is_bounded()
    {
        var source = new CountingSource(_shapes);
        var loader = Loader(new ImageLoaderOptions { BatchSize = 2, Workers = 4, Prefetch = 4 }, source: source);
        using var batches = loader.Epoch(0).GetEnumerator();
        batches.MoveNext();
        batches.Current.Dispose();
        Thread.Sleep(100); // time enough to read everything

        source.Reads.Should().BeLessThanOrEqualTo(1 + 2 * 4, "the first image is read for its size, and then four batches");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void An_error_comes_to_the_caller_as_it_was_after_the_batches_before_it(int workers)
    {
        var before = LiveTensors.Count;
        var source = new FailingSource(_shapes, 20);
        var loader = Loader(new ImageLoaderOptions { BatchSize = 8, Workers = workers, Prefetch = 4 }, source: source);
        var batches = 0;

        FluentActions.Invoking(() =>
        {
            foreach (var batch in loader.Epoch(0))
            {
                batch.Dispose();
                batches++;
            }
        }).Should().Throw<TweedieException>().WithMessage("image 20 is broken");
        batches.Should().Be(2);
        LiveTensors.Count.Should().Be(before);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Cancelling_ends_the_enumeration(int workers)
    {
        var before = LiveTensors.Count;
        using var cancellation = new CancellationTokenSource();
        var loader = Loader(new ImageLoaderOptions { BatchSize = 1, Workers = workers });
        FluentActions.Invoking(() =>
        {
            foreach (var batch in loader.Epoch(0, cancellationToken: cancellation.Token))
            {
                batch.Dispose();
                cancellation.Cancel();
            }
        }).Should().Throw<OperationCanceledException>();
        LiveTensors.Count.Should().Be(before);
    }

    private static ImageLoader Loader(ImageLoaderOptions options, IImageSource? source = null) =>
        new(source ?? _shapes, new Compose(), Normalization.Default(3), options with { Allocate = TensorBatchMemory.Allocate }, null);
}
