namespace Tweedie.Data;

/// <summary>The rows of Parquet shards that have a caption, as most of ImageNet-1K-VL-Enriched's do.</summary>
public sealed class ParquetCaptionSource : ICaptionSource
{
    private readonly ParquetSource _all;
    private readonly SubsetSource _captioned;

    /// <summary>Reads all captions once, and keeps which rows have one.</summary>
    /// <exception cref="TweedieException">The captions cannot be read, or there is none.</exception>
    public ParquetCaptionSource(ParquetSource all)
    {
        ArgumentNullException.ThrowIfNull(all);
        _all = all;
        _captioned = new SubsetSource(all, Enumerable.Range(0, all.Count).Where(index => all.GetCaptions(index).Count > 0));
        if (_captioned.Count == 0)
            throw new TweedieException($"'{all.Name}' has no caption in any of its {all.Count} rows (column {ParquetShard.Caption}).");
        if (_captioned.Count < all.Count)
            Warnings = [$"{all.Name}: {all.Count - _captioned.Count} of {all.Count} images have no caption and are left out."];
    }

    /// <inheritdoc/>
    public string Name => _captioned.Name;

    /// <inheritdoc/>
    public int Count => _captioned.Count;

    /// <summary>One, for all images.</summary>
    public IReadOnlyList<string> ClassNames { get; } = ["captioned"];

    /// <inheritdoc/>
    public IReadOnlyList<int> BlockStarts => _captioned.BlockStarts;

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings { get; } = [];

    /// <inheritdoc/>
    public int GetLabel(int index) => 0;

    /// <summary>The number of the row among all rows.</summary>
    public long GetId(int index) => _captioned.Indices[index];

    /// <inheritdoc/>
    public IReadOnlyList<string> GetCaptions(int index) => _all.GetCaptions(_captioned.Indices[index]);

    /// <inheritdoc/>
    public RasterImage Read(int index) => _captioned.Read(index);

    /// <inheritdoc/>
    public RasterImage ReadPart(int index, PartRequest request) => _captioned.ReadPart(index, request);

    /// <inheritdoc/>
    public string Describe(int index) => _captioned.Describe(index);
}
