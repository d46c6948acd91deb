namespace Tweedie.Images;

/// <summary>Counts the images of an epoch that cannot be read, in the order of the epoch, and throws when they are too many. Not thread-safe.</summary>
/// <param name="source">What to call the images in messages.</param>
/// <param name="allowed">Bad images that an epoch may have, 0 or more.</param>
public sealed class BadImageBudget(string source, int allowed)
{
    /// <summary>This many bad images in a row are not an accident: a disk is gone, or the data are of another kind.</summary>
    public const int TooManyInARow = 20;

    private int _count;
    private int _inARow;

    /// <summary>Counts the next places of the epoch.</summary>
    /// <param name="places">The places in their order: null for a good image.</param>
    /// <exception cref="TweedieException">Too many are bad; the message names the last one.</exception>
    public void Count(IEnumerable<BadImage?> places)
    {
        foreach (var bad in places)
        {
            _inARow = bad is null ? 0 : _inARow + 1;
            if (bad is null)
                continue;
            if (_inARow == TooManyInARow)
                throw new TweedieException($"'{source}': {TooManyInARow} images in a row cannot be read, the last one: {bad.Reason}");
            if (++_count > allowed)
                throw new TweedieException(
                    $"'{source}': {_count} images of an epoch cannot be read, more than data.maxBadShare allows ({allowed}); "
                    + $"'tweedie data inspect' lists them. The last one: {bad.Reason}");
        }
    }
}
