namespace Tweedie.Images;

/// <summary>A view of some images of another source, in the given order.</summary>
public class SubsetSource : IImageSource
{
    private readonly IImageSource _source;
    private readonly int[] _indices;

    /// <summary>Creates the view; index i of the view is index <paramref name="indices"/>[i] of the source.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index lies outside the source.</exception>
    public SubsetSource(IImageSource source, IEnumerable<int> indices)
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = source;
        _indices = [.. indices];
        foreach (var index in _indices)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index, nameof(indices));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, source.Count, nameof(indices));
        }

        BlockStarts = Blocks();
    }

    /// <summary>The indices into the underlying source.</summary>
    public IReadOnlyList<int> Indices => _indices;

    /// <inheritdoc/>
    public string Name => _source.Name;

    /// <inheritdoc/>
    public int Count => _indices.Length;

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames => _source.ClassNames;

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings => _source.Warnings;

    /// <inheritdoc/>
    public IReadOnlyList<int> BlockStarts { get; }

    /// <inheritdoc/>
    public bool HasLabel(int index) => _source.HasLabel(_indices[index]);

    /// <inheritdoc/>
    public int GetLabel(int index) => _source.GetLabel(_indices[index]);

    /// <inheritdoc/>
    public RasterImage Read(int index) => _source.Read(_indices[index]);

    /// <inheritdoc/>
    public RasterImage ReadPart(int index, PartRequest request) => _source.ReadPart(_indices[index], request);

    /// <inheritdoc/>
    public string? StampOf(int index) => _source.StampOf(_indices[index]);

    /// <inheritdoc/>
    public string Describe(int index) => _source.Describe(_indices[index]);

    /// <summary>A block begins where the underlying block changes.</summary>
    private List<int> Blocks()
    {
        var starts = new List<int> { 0 };
        var (start, count) = (0, 0);
        for (var i = 0; i < _indices.Length; i++)
        {
            if (_indices[i] >= start && _indices[i] < start + count)
                continue;
            (start, count) = EpochOrder.BlockOf(_source, _indices[i]);
            if (i > 0)
                starts.Add(i);
        }

        return starts;
    }
}
