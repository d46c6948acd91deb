namespace Tweedie.Images;

/// <summary>A view of some images of a captioned source, in the order of a <see cref="SubsetSource"/> of it.</summary>
/// <param name="source">The whole.</param>
/// <param name="subset">The part.</param>
public sealed class CaptionSubset(ICaptionSource source, SubsetSource subset) : ICaptionSource
{
    /// <inheritdoc/>
    public string Name => subset.Name;

    /// <inheritdoc/>
    public int Count => subset.Count;

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames => subset.ClassNames;

    /// <inheritdoc/>
    public IReadOnlyList<int> BlockStarts => subset.BlockStarts;

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings => source.Warnings;

    /// <inheritdoc/>
    public bool HasLabel(int index) => subset.HasLabel(index);

    /// <inheritdoc/>
    public int GetLabel(int index) => subset.GetLabel(index);

    /// <inheritdoc/>
    public long GetId(int index) => source.GetId(subset.Indices[index]);

    /// <inheritdoc/>
    public IReadOnlyList<string> GetCaptions(int index) => source.GetCaptions(subset.Indices[index]);

    /// <inheritdoc/>
    public RasterImage Read(int index) => subset.Read(index);

    /// <inheritdoc/>
    public RasterImage ReadPart(int index, PartRequest request) => subset.ReadPart(index, request);

    /// <inheritdoc/>
    public string? StampOf(int index) => subset.StampOf(index);

    /// <inheritdoc/>
    public string Describe(int index) => subset.Describe(index);
}
