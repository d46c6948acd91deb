using Tweedie.Images;

namespace Tweedie.Bench;

/// <summary>Opens a folder of 1,000 classes and 200,000 (empty) images by listing it, and from the index that an earlier opening kept.</summary>
internal static class IndexBenchmark
{
    private const int Classes = 1000;
    private const int ImagesAClass = 200;

    public static void Run()
    {
        var folder = Directory.CreateTempSubdirectory("tweedie-bench-");
        try
        {
            Environment.SetEnvironmentVariable("XDG_CACHE_HOME", Path.Combine(folder.FullName, "cache"));
            var data = Path.Combine(folder.FullName, "data");
            MakeFiles(data);
            var age = 0;
            Contest.Run($"Opening {Classes * ImagesAClass:N0} images in {Classes:N0} folders", rounds: 5,
                ("listed, and the index kept", () =>
                {
                    Directory.SetLastWriteTimeUtc(data, DateTime.UtcNow.AddDays(-++age)); // a change
                    _ = new ImageFolderSource(data);
                }
            ),
                ("from the index", () => _ = new ImageFolderSource(data)));
            Console.WriteLine(FormattableString.Invariant(
                $"  the index has {Directory.GetFiles(folder.FullName + "/cache/tweedie/index").Sum(file => new FileInfo(file).Length) / 1e6:F1} MB"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void MakeFiles(string data)
    {
        for (var label = 0; label < Classes; label++)
        {
            var folder = Directory.CreateDirectory(Path.Combine(data, $"n{label:D8}"));
            for (var image = 0; image < ImagesAClass; image++)
                File.Create(Path.Combine(folder.FullName, $"{folder.Name}_{image}.JPEG")).Dispose();
            Directory.SetLastWriteTimeUtc(folder.FullName, DateTime.UtcNow.AddDays(-1)); // no index is kept of a folder that was just changed
        }
    }
}
