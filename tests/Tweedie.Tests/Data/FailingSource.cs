using Tweedie.Images;

namespace Tweedie.Tests.Data;

/// <summary>A source with images that cannot be read, perhaps stored in blocks.</summary>
internal sealed class FailingSource(IImageSource source, params int[] failing) : IImageSource
{
    private readonly HashSet<int> _failing = [.. failing];

    public string Name => source.Name;

    public int Count => source.Count;

    public IReadOnlyList<string> ClassNames => source.ClassNames;

    public IReadOnlyList<int> BlockStarts { get; init; } = [0];

    public int GetLabel(int index) => source.GetLabel(index);

    public RasterImage Read(int index) =>
        _failing.Contains(index) ? throw new TweedieException($"image {index} is broken") : source.Read(index);

    public string Describe(int index) => source.Describe(index);
}
