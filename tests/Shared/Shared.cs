using System.Text.Json;

namespace Tweedie.Tests;

/// <summary>
/// Finds the real data and golden fixtures that lie beside the repository, or in the folder that <c>TWEEDIE_SHARED</c> names; tests that need them
/// are skipped if they are absent. Other sets of the same kind exist, so tests take sizes, names and counts from the fixtures' own files.
/// </summary>
internal static class Shared
{
    public static string RepositoryRoot { get; } = FindRoot();

    private static readonly string Folder = System.IO.Path.GetFullPath(
        Environment.GetEnvironmentVariable("TWEEDIE_SHARED") is { Length: > 0 } chosen ? chosen : System.IO.Path.Combine(RepositoryRoot, "..", "shared"));

    /// <summary>What a project of the repository is built into, with the configuration and framework of these tests: FOLDER/bin/CONFIGURATION/FRAMEWORK/NAME.dll.</summary>
    public static string Built(string folder)
    {
        var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(System.IO.Path.DirectorySeparatorChar));
        return System.IO.Path.Combine(folder, "bin", framework.Parent!.Name, framework.Name, $"{System.IO.Path.GetFileName(folder)}.dll");
    }

    /// <summary>The path of a file or folder beside the repository; skips the calling test where it does not exist.</summary>
    public static string Path(string relative)
    {
        var path = System.IO.Path.Combine(Folder, relative);
        Assert.SkipUnless(File.Exists(path) || Directory.Exists(path), $"needs {System.IO.Path.GetRelativePath(RepositoryRoot, path)}, which is not here");
        return path;
    }

    /// <summary>A JSON file beside the repository; skips the calling test where it does not exist.</summary>
    public static JsonElement Json(string relative)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path(relative)));
        return document.RootElement.Clone();
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "Tweedie.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside the repository.");
    }
}
