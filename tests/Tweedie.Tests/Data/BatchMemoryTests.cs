using Tweedie.Images;
using Tweedie.Tensors;
using static TorchSharp.torch;

namespace Tweedie.Tests.Data;

public sealed class BatchMemoryTests
{
    private static readonly ImageShape _shape = new(2, 2, 3);

    public static TheoryData<string> Kinds => ["native", "tensors"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_place_has_its_own_values_and_some_can_be_kept_in_another_order(string kind)
    {
        using var memory = Filled(kind, tokens: 2);

        using var kept = memory.Keep([3, 0]);

        (kept.Shape, kept.Count, kept.TargetsPerImage).Should().Be((_shape, 2, 2));
        kept.GetType().Should().Be(memory.GetType());
        kept.Image(0).ToArray().Should().Equal(memory.Image(3).ToArray()).And.OnlyContain(value => value == 3);
        kept.Image(1).ToArray().Should().OnlyContain(value => value == 0);
        kept.Targets(0).ToArray().Should().Equal(30, 30);
        kept.Targets(1).ToArray().Should().Equal(0, 0);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_place_that_the_batch_lacks_is_refused(string kind)
    {
        using var memory = Filled(kind, tokens: null);

        foreach (var place in new[] { -1, 4 })
        {
            FluentActions.Invoking(() => memory.Image(place).Length).Should().Throw<ArgumentOutOfRangeException>();
            FluentActions.Invoking(() => memory.Targets(place).Length).Should().Throw<ArgumentOutOfRangeException>();
            FluentActions.Invoking(() => memory.Keep([0, place])).Should().Throw<ArgumentOutOfRangeException>();
        }
        FluentActions.Invoking(() => memory.Keep([])).Should().Throw<ArgumentException>();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Freed_memory_is_refused(string kind)
    {
        var memory = Filled(kind, tokens: null);
        memory.Dispose();
        memory.Dispose();

        FluentActions.Invoking(() => memory.Image(0).Length).Should().Throw<ObjectDisposedException>();
        FluentActions.Invoking(() => memory.Targets(0).Length).Should().Throw<ObjectDisposedException>();
        FluentActions.Invoking(() => memory.Keep([0])).Should().Throw<ObjectDisposedException>();
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void An_empty_batch_is_refused(int count, int tokens) =>
        FluentActions.Invoking(() => Allocate("native", count, tokens)).Should().Throw<ArgumentOutOfRangeException>();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_batch_as_tensors_is_the_same_from_any_memory(string kind)
    {
        using var scope = NewDisposeScope();
        using var batch = new ImageBatch(Filled(kind, tokens: 2), [4, 5, 6, 7]);

        var (images, targets) = batch.Tensors();

        images.shape.Should().Equal(4, 2, 2, 3);
        images.data<float>().ToArray().Should().Equal(Enumerable.Range(0, 48).Select(i => (float)(i / 12)));
        targets.data<long>().ToArray().Should().Equal(0, 0, 10, 10, 20, 20, 30, 30);
        images.bytes.Overlaps(System.Runtime.InteropServices.MemoryMarshal.AsBytes(batch.Memory.Image(0))).Should().Be(kind == "tensors");
    }

    [Fact]
    public void Labels_have_one_dimension()
    {
        using var scope = NewDisposeScope();
        using var batch = new ImageBatch(Filled("native", tokens: null), [0, 1, 2, 3]);
        batch.Tensors().Targets.shape.Should().Equal(4);
    }

    [Fact]
    public void Copies_belong_to_the_callers_scope() => LiveTensors.LeftBy(() =>
    {
        using var batch = new ImageBatch(Filled("native", tokens: null), [0, 1, 2, 3]);
        using (NewDisposeScope())
            _ = batch.Tensors();
    }).Should().Be(0);

    [Fact]
    public void Tensors_of_the_batch_itself_survive_the_callers_scope()
    {
        using var batch = new ImageBatch(Filled("tensors", tokens: null), [0, 1, 2, 3]);
        using (NewDisposeScope())
            _ = batch.Tensors();

        batch.Tensors().Images.IsInvalid.Should().BeFalse();
    }

    [Fact]
    public void There_is_an_index_for_each_image()
    {
        using var memory = Filled("native", tokens: null);
        FluentActions.Invoking(() => new ImageBatch(memory, [1, 2, 3])).Should().Throw<ArgumentException>().WithMessage("has 3 indices for 4 images*");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_loader_fills_any_memory_with_the_same_batches(int workers)
    {
        var options = new ImageLoaderOptions { BatchSize = 7, Shuffle = true, Workers = workers, MaxBadShare = 0.2 };
        var source = new FailingSource(new ShapeSource(50, 16, seed: 5), 3, 20, 21);

        Contents(options).Should().HaveCount(8).And.Equal(Contents(options with { Allocate = TensorBatchMemory.Allocate }));

        List<string> Contents(ImageLoaderOptions options)
        {
            var contents = new List<string>();
            foreach (var batch in new ImageLoader(source, new PadCrop(2), Normalization.Default(3), options).Epoch(1))
            {
                using (batch)
                {
                    contents.AddRange(Enumerable.Range(0, batch.Count).Select(place =>
                        $"{batch.Indices[place]} {batch.Memory.Targets(place)[0]} {string.Join(' ', batch.Memory.Image(place).ToArray())}"));
                    contents.Add("");
                }
            }
            return [.. string.Join('\n', contents).Split("\n\n")];
        }
    }

    private static BatchMemory Filled(string kind, int? tokens)
    {
        var memory = Allocate(kind, 4, tokens);
        for (var place = 0; place < 4; place++)
        {
            memory.Image(place).Fill(place);
            memory.Targets(place).Fill(10 * place);
        }
        return memory;
    }

    private static BatchMemory Allocate(string kind, int count, int? tokens) =>
        kind == "native" ? new NativeBatchMemory(_shape, count, tokens) : TensorBatchMemory.Allocate(_shape, count, tokens);
}
