namespace Tweedie.Tests.Formats;

/// <summary>A folder for one test's files.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tweedie-test-");

    public string Path => _folder.FullName;

    public IEnumerable<string> FileNames => _folder.EnumerateFiles("*", new EnumerationOptions { AttributesToSkip = 0 }).Select(file => file.Name);

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => _folder.Delete(recursive: true);
}
