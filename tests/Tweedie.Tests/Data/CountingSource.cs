using Tweedie.Images;

namespace Tweedie.Tests.Data;

/// <summary>Counts how often images are read; reading can be slowed down.</summary>
internal sealed class CountingSource(IImageSource source, TimeSpan readTime = default) : IImageSource
{
    private int _reads;

    public int Reads => Volatile.Read(ref _reads);

    public string Name => source.Name;

    public int Count => source.Count;

    public IReadOnlyList<string> ClassNames => source.ClassNames;

    public int GetLabel(int index) => source.GetLabel(index);

    public RasterImage Read(int index)
    {
        Interlocked.Increment(ref _reads);
        Thread.Sleep(readTime);
        return source.Read(index);
    }

    public string? StampOf(int index) => source.StampOf(index);

    public string Describe(int index) => source.Describe(index);
}
