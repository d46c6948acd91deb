using CsCheck;
using Tweedie.Images;

namespace Tweedie.Tests.Data;

public sealed class EpochOrderTests
{
    private static readonly ShapeSource _shapes = new(1000, 16);

    [Fact]
    public void Every_image_comes_once_and_any_start_continues_the_order() =>
        (from starts in Gen.Int[1, 999].Array[0, 60]
         from start in Gen.Int[0, 1000]
         from seed in Gen.Long
         select (starts, start, seed)).Sample(sample =>
        {
            var source = Blocks([0, .. sample.starts.Distinct().Order()]);
            var order = EpochOrder.Shuffled(source, sample.seed, 0).ToArray();
            return order.Order().SequenceEqual(Enumerable.Range(0, 1000))
                && EpochOrder.Shuffled(source, sample.seed, sample.start).SequenceEqual(order[sample.start..]);
        }, iter: 200);

    [Fact]
    public void A_window_holds_few_blocks_and_mixes_them()
    {
        var order = EpochOrder.Shuffled(Blocks([.. Enumerable.Range(0, 100).Select(block => 10 * block)]), seed: 1, 0).ToArray();
        foreach (var window in order.Chunk(10 * EpochOrder.WindowBlocks))
            window.Select(index => index / 10).Distinct().Should().HaveCountLessThanOrEqualTo(EpochOrder.WindowBlocks);
        var changes = order.Zip(order.Skip(1)).Count(pair => pair.First / 10 != pair.Second / 10);
        changes.Should().BeGreaterThan(750, "7 of 8 neighbours come from different blocks");
        order.Select(index => index / 100).Take(80).Distinct().Count().Should().BeGreaterThan(3, "blocks of a window come from all over the source");
    }

    [Fact]
    public void A_part_of_a_source_keeps_its_blocks()
    {
        var part = new SubsetSource(Blocks([0, 10, 20, 500]), [3, 4, 9, 12, 499, 500, 501]);
        part.BlockStarts.Should().Equal(0, 3, 4, 5);
        new SubsetSource(_shapes, [3, 4, 999]).BlockStarts.Should().Equal(0);
    }

    private static FailingSource Blocks(int[] starts) => new(_shapes) { BlockStarts = starts };
}
