using Tweedie.Formats;

namespace Tweedie.Tests.Formats;

/// <summary>The real file system, except that one operation fails, as on a full or broken disk.</summary>
internal sealed class FaultyOperations(string failing) : IFileOperations
{
    private readonly DiskOperations _disk = new();

    public Stream Create(string path) => Try(nameof(Create), () => _disk.Create(path));

    public void Flush(Stream stream) => Try(nameof(Flush), () => _disk.Flush(stream));

    public void Replace(string source, string target) => Try(nameof(Replace), () => _disk.Replace(source, target));

    public void FlushFolder(string folder) => Try(nameof(FlushFolder), () => _disk.FlushFolder(folder));

    public void Delete(string path) => Try(nameof(Delete), () => _disk.Delete(path));

    private T Try<T>(string operation, Func<T> action) =>
        operation == failing ? throw new IOException("No space left on device : '/some/where'") : action();

    private void Try(string operation, Action action) => Try(operation, () =>
    {
        action();
        return 0;
    });
}
