using Tweedie.Images;

namespace Tweedie.Tests.Data;

public sealed class BlockCacheTests
{
    [Fact]
    public void The_blocks_used_last_are_kept()
    {
        var loads = new List<int>();
        var cache = new BlockCache<int>(capacity: 2, number =>
        {
            loads.Add(number);
            return 10 * number;
        });

        foreach (var number in new[] { 1, 2, 1, 3, 1, 2 })
            cache.Get(number).Should().Be(10 * number);
        loads.Should().Equal(1, 2, 3, 2);
    }

    [Fact]
    public void Threads_that_want_a_block_at_once_load_it_once()
    {
        var loads = 0;
        var cache = new BlockCache<object>(capacity: 2, _ =>
        {
            Interlocked.Increment(ref loads);
            Thread.Sleep(20);
            return new object();
        });

        var blocks = Enumerable.Range(0, 8).AsParallel().WithDegreeOfParallelism(8).Select(_ => cache.Get(5)).Distinct().ToList();
        (loads, blocks.Count).Should().Be((1, 1));
    }
}
