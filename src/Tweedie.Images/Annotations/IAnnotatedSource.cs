using Tweedie.Tokens;

namespace Tweedie.Images;

/// <summary>Images of which each has a row of attributes, such as several labels that go together.</summary>
public interface IAnnotatedSource : IImageSource
{
    /// <summary>The attributes, and the entries that each may have.</summary>
    TokenColumns Columns { get; }

    /// <summary>The attributes of an image.</summary>
    /// <param name="index">The image.</param>
    /// <param name="row">Receives an id for each column, all of them known.</param>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    void ReadRow(int index, Span<long> row);
}
