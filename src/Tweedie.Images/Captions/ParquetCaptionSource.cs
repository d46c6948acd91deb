namespace Tweedie.Images;

/// <summary>The captioned images of Parquet shards, as ImageNet-1K-VL-Enriched has them. Rows without a caption are left out, with a warning.</summary>
public sealed class ParquetCaptionSource : ICaptionSource
{
    private static readonly OptionName CaptionColumn = new("CaptionColumn", "data.captionColumn");

    private readonly ParquetSource _source;
    private readonly SubsetSource _captioned;

    /// <summary>Reads the captions of all shards once.</summary>
    /// <param name="source">The shards.</param>
    /// <param name="cancellation">Ends the reading of the captions.</param>
    /// <exception cref="TweedieException">A shard cannot be read, or no row has a caption.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public ParquetCaptionSource(ParquetSource source, CancellationToken cancellation = default)
    {
        _source = source;
        if (source.CaptionColumn is null && source.Count > 0)
            throw TweedieException.Naming($"{source.Name}: has no column of captions under a usual name (caption_enriched, caption, text), one per row; name it by {CaptionColumn}.");
        _captioned = new SubsetSource(source, Enumerable.Range(0, source.Count).Where(row =>
        {
            cancellation.ThrowIfCancellationRequested();
            return source.GetCaptions(row).Any(caption => !string.IsNullOrWhiteSpace(caption));
        }));
        var missing = source.Count - _captioned.Count;
        if (_captioned.Count == 0)
            throw new TweedieException($"{source.Name}: none of its {source.Count} rows has a caption ({source.CaptionColumn}).");
        Warnings = missing == 0 ? source.Notes : [.. source.Notes, $"{source.Name}: {missing} of {source.Count} rows have no caption and are left out."];
    }

    /// <inheritdoc/>
    public string Name => _source.Name;

    /// <inheritdoc/>
    public int Count => _captioned.Count;

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames => _captioned.ClassNames;

    /// <inheritdoc/>
    public IReadOnlyList<int> BlockStarts => _captioned.BlockStarts;

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings { get; }

    /// <inheritdoc/>
    public bool HasLabel(int index) => _captioned.HasLabel(index);

    /// <inheritdoc/>
    public int GetLabel(int index) => _captioned.GetLabel(index);

    /// <summary>The number of the image's row over all shards.</summary>
    public long GetId(int index) => _captioned.Indices[index];

    /// <inheritdoc/>
    public IReadOnlyList<string> GetCaptions(int index) => _source.GetCaptions(_captioned.Indices[index]);

    /// <inheritdoc/>
    public RasterImage Read(int index) => _captioned.Read(index);

    /// <inheritdoc/>
    public RasterImage ReadPart(int index, PartRequest request) => _captioned.ReadPart(index, request);

    /// <inheritdoc/>
    public string? StampOf(int index) => _captioned.StampOf(index);

    /// <inheritdoc/>
    public string Describe(int index) => _captioned.Describe(index);
}
