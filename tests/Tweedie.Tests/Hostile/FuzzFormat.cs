namespace Tweedie.Tests.Hostile;

/// <summary>A kind of file that users get from others, and what reading one may cost.</summary>
/// <param name="Name">Its name in reports.</param>
/// <param name="FileName">The file name that the reader is given, for readers that go by names.</param>
/// <param name="Samples">Valid files, which the fuzzer damages.</param>
/// <param name="Read">Reads a file, all of it.</param>
/// <param name="Bound">The most bytes that reading a file of a given number of bytes may allocate; resident memory has the same bound.</param>
internal sealed record FuzzFormat(string Name, string FileName, IReadOnlyList<byte[]> Samples, Action<string> Read, Func<long, long> Bound)
{
    /// <summary>Files that must lie beside the damaged one, by name.</summary>
    public IReadOnlyDictionary<string, byte[]> Beside { get; init; } = new Dictionary<string, byte[]>();

    public override string ToString() => Name;
}
