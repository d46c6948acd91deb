namespace Tweedie.Tests.Data;

/// <summary>A folder for one test, which is deleted afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("tweedie-test-").FullName;

    /// <summary>Writes a file, making the folders on its way.</summary>
    public string Write(string relative, params ReadOnlySpan<byte> bytes)
    {
        var path = System.IO.Path.Combine(Path, relative);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
