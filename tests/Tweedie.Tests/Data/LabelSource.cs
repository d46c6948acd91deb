using Tweedie.Images;

namespace Tweedie.Tests.Data;

/// <summary>Labels, with images of one pixel, each of which holds its index.</summary>
internal sealed class LabelSource(int[] labels) : IImageSource
{
    public string Name => "labels";

    public int Count => labels.Length;

    public IReadOnlyList<string> ClassNames { get; } = [.. Enumerable.Range(0, labels.Max() + 1).Select(label => $"{label}")];

    public int GetLabel(int index) => labels[index];

    public RasterImage Read(int index) => new(1, 1, 1, [(byte)index]);

    public string Describe(int index) => $"image {index}";
}
