namespace Tweedie.Tests;

/// <summary>Finds the real data and golden fixtures that lie beside the repository; tests that need them skip where they are absent.</summary>
internal static class Shared
{
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>The path of a file or folder beside the repository; skips the calling test where it does not exist.</summary>
    public static string Path(string relative)
    {
        var path = System.IO.Path.GetFullPath(System.IO.Path.Combine(RepositoryRoot, "..", "shared", relative));
        Assert.SkipUnless(File.Exists(path) || Directory.Exists(path), $"needs ../shared/{relative}, which is not here");
        return path;
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "Tweedie.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside the repository.");
    }
}
