using Tweedie.Images;

namespace Tweedie.Training;

/// <summary>Tells of images that cannot be read: of each once, and how many an epoch met.</summary>
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

    /// <summary>Images of the epoch, or of the part of it that was trained here; begins to count anew.</summary>
    public int EndEpoch()
    {
        var count = _count;
        _count = 0;
        return count;
    }
}
