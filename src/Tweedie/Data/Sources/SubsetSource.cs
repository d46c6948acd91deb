namespace Tweedie.Data;

/// <summary>A view of some images of another source, in the given order.</summary>
public sealed class SubsetSource : IImageSource
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
    public int GetLabel(int index) => _source.GetLabel(_indices[index]);

    /// <inheritdoc/>
    public RasterImage Read(int index) => _source.Read(_indices[index]);

    /// <inheritdoc/>
    public string Describe(int index) => _source.Describe(_indices[index]);
}
