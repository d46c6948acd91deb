using Tweedie.Data;

namespace Tweedie.Tests.Data;

/// <summary>A source with one image that cannot be read.</summary>
internal sealed class FailingSource(IImageSource source, int failing) : IImageSource
{
    public string Name => source.Name;

    public int Count => source.Count;

    public IReadOnlyList<string> ClassNames => source.ClassNames;

    public int GetLabel(int index) => source.GetLabel(index);

    public RasterImage Read(int index) => index == failing ? throw new TweedieException($"image {index} is broken") : source.Read(index);

    public string Describe(int index) => source.Describe(index);
}
