using Tweedie.Images;

namespace Tweedie.Training;

/// <summary>Reports images that cannot be read: each image once, and their number per epoch.</summary>
internal sealed class BadImageReport
{
    private readonly HashSet<int> _known = [];
    private int _count;

    /// <summary>Counts the images; gives a warning for each that is new.</summary>
    public IReadOnlyList<string> Add(IReadOnlyList<BadImage> images)
    {
        _count += images.Count;
        return [.. images.Where(image => _known.Add(image.Index)).Select(image => $"replaced by another image: {image.Reason}")];
    }

    /// <summary>Returns the number of such images in the epoch, or in the part of it that was trained here, and starts a new count.</summary>
    public int EndEpoch()
    {
        var count = _count;
        _count = 0;
        return count;
    }
}
