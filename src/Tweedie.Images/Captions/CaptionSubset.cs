namespace Tweedie.Images;

/// <summary>A view of some images of a captioned source, in the given order.</summary>
/// <param name="source">The whole.</param>
/// <param name="indices">The source's index of each image of the view.</param>
public sealed class CaptionSubset(ICaptionSource source, IEnumerable<int> indices) : SubsetSource(source, indices), ICaptionSource
{
    /// <inheritdoc/>
    public long GetId(int index) => source.GetId(Indices[index]);

    /// <inheritdoc/>
    public IReadOnlyList<string> GetCaptions(int index) => source.GetCaptions(Indices[index]);
}
