namespace Tweedie.Experiments.Plots;

/// <summary>A drawing in the style of all figures.</summary>
public interface IFigure : IDisposable
{
    /// <summary>Writes <c>NAME.svg</c> and <c>NAME.png</c>, the latter at twice the size.</summary>
    /// <exception cref="TweedieException">A file cannot be written.</exception>
    void Save(string folder, string name);
}
