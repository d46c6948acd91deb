using Tweedie.Storage;

namespace Tweedie.Tests.Formats;

/// <summary>
/// The real file system, except that some operations fail, as on a full or broken disk or in a process that dies. It does not wait for the disk
/// either, because only a crash of the system would show the difference.
/// </summary>
/// <param name="fails">Whether an operation fails, by its name and its number from 1 on.</param>
internal sealed class FaultyOperations(Func<string, int, bool> fails) : IFileOperations
{
    private readonly DiskOperations _disk = new();

    /// <summary>The number of operations so far.</summary>
    public int Count { get; private set; }

    /// <summary>The number of the first operation that failed; null while none has failed.</summary>
    public int? Failed { get; private set; }

    /// <summary>Makes every operation of a name fail.</summary>
    public static FaultyOperations Named(string operation) => new((name, _) => name == operation);

    public Stream Create(string path)
    {
        Stream? stream = null;
        Try(nameof(Create), () => stream = _disk.Create(path));
        return new FaultyStream(stream!, this);
    }

    public void Flush(Stream stream) => Try(nameof(Flush), stream.Flush);

    public void Replace(string source, string target) => Try(nameof(Replace), () => _disk.Replace(source, target));

    public void FlushFolder(string folder) => Try(nameof(FlushFolder), () => Directory.Exists(folder).Should().BeTrue());

    public void Delete(string path) => Try(nameof(Delete), () => _disk.Delete(path));

    public void CreateFolder(string path) => Try(nameof(CreateFolder), () => _disk.CreateFolder(path));

    public void MoveFolder(string source, string target) => Try(nameof(MoveFolder), () => _disk.MoveFolder(source, target));

    public void DeleteFolder(string path) => Try(nameof(DeleteFolder), () => _disk.DeleteFolder(path));

    /// <summary>Does an operation, or does the part before its failure and then fails.</summary>
    public void Try(string operation, Action action, Action? half = null)
    {
        Count++;
        if (fails(operation, Count))
        {
            Failed ??= Count;
            half?.Invoke();
            throw new IOException("No space left on device : '/some/where'");
        }
        action();
    }
}
