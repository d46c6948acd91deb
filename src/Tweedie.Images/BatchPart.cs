namespace Tweedie.Images;

/// <summary>One of several equal parts of a batch: processes that train together read a part each.</summary>
/// <param name="Index">The part, 0..Count−1.</param>
/// <param name="Count">The number of parts; it divides the batch size.</param>
public sealed record BatchPart(int Index, int Count)
{
    /// <summary>The whole batch.</summary>
    public static BatchPart Whole { get; } = new(0, 1);

    /// <summary>The places of the part in a batch.</summary>
    /// <param name="size">The size of the batch.</param>
    /// <exception cref="ArgumentException">The batch cannot be divided into so many equal parts.</exception>
    public Range Of(int size)
    {
        if (Count < 1 || Index < 0 || Index >= Count || size % Count != 0)
            throw new ArgumentException($"A batch of {size} has no part {Index} of {Count} equal ones.", nameof(size));
        return (size / Count * Index)..(size / Count * (Index + 1));
    }
}
