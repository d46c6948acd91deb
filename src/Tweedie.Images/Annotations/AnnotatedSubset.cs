using Tweedie.Tokens;

namespace Tweedie.Images;

/// <summary>A view of some images of an annotated source, in the given order.</summary>
/// <param name="source">The whole.</param>
/// <param name="indices">The source's index of each image of the view.</param>
public sealed class AnnotatedSubset(IAnnotatedSource source, IEnumerable<int> indices) : SubsetSource(source, indices), IAnnotatedSource
{
    /// <inheritdoc/>
    public TokenColumns Columns => source.Columns;

    /// <inheritdoc/>
    public void ReadRow(int index, Span<long> row) => source.ReadRow(Indices[index], row);
}
