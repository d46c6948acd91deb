namespace Tweedie.Tests;

/// <summary>A folder for one test's files, which is deleted afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tweedie-test-");

    public string Path => _folder.FullName;

    public IEnumerable<string> FileNames => _folder.EnumerateFiles("*", new EnumerationOptions { AttributesToSkip = 0 }).Select(file => file.Name);

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file, making the folders on its way.</summary>
    public string Write(string relative, params ReadOnlySpan<byte> bytes)
    {
        var path = File(relative);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllBytes(path, bytes);
        return path;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
