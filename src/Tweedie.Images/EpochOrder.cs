namespace Tweedie.Images;

/// <summary>The order in which an epoch visits the images of a source.</summary>
internal static class EpochOrder
{
    /// <summary>The number of blocks of images that are shuffled together, small enough that memory can hold them at once.</summary>
    public const int WindowBlocks = 8;

    /// <summary>Every index once, as stored.</summary>
    public static IEnumerable<int> Sequential(IImageSource source, int start) => Enumerable.Range(start, source.Count - start);

    /// <summary>
    /// Every index once in an order drawn from the seed: the blocks are shuffled, then the images within each window of
    /// <see cref="WindowBlocks"/> blocks. A source that is one block is shuffled as a whole. Memory holds one window.
    /// </summary>
    /// <param name="source">The images.</param>
    /// <param name="seed">The epoch's seed.</param>
    /// <param name="start">Places at the beginning of the epoch to leave out.</param>
    public static IEnumerable<int> Shuffled(IImageSource source, long seed, int start)
    {
        var random = new SampleRandom(seed);
        var blocks = Enumerable.Range(0, source.BlockStarts.Count).ToArray();
        random.Shuffle<int>(blocks);
        foreach (var window in blocks.Chunk(WindowBlocks))
        {
            var indices = window.SelectMany(block => Block(source, block)).ToArray();
            random.Shuffle<int>(indices);
            var skipped = Math.Min(start, indices.Length);
            start -= skipped;
            for (var i = skipped; i < indices.Length; i++)
                yield return indices[i];
        }
    }

    /// <summary>The indices of the block that holds an image: the first index and their number.</summary>
    public static (int Start, int Count) BlockOf(IImageSource source, int index)
    {
        var starts = source.BlockStarts;
        var (low, high) = (0, starts.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = starts[middle] <= index ? (middle, high) : (low, middle - 1);
        }

        return (starts[low], End(source, low) - starts[low]);
    }

    private static IEnumerable<int> Block(IImageSource source, int block) =>
        Enumerable.Range(source.BlockStarts[block], End(source, block) - source.BlockStarts[block]);

    private static int End(IImageSource source, int block) =>
        block + 1 < source.BlockStarts.Count ? source.BlockStarts[block + 1] : source.Count;
}
