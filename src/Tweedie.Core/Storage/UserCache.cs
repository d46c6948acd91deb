namespace Tweedie.Storage;

/// <summary>The folders where a user's programs keep files that they can make again.</summary>
public static class UserCache
{
    /// <summary>
    /// The folder for a kind of content, which need not exist: <c>tweedie/KIND</c> in <c>XDG_CACHE_HOME</c>, else in the platform's usual place
    /// (<c>~/.cache</c>, <c>~/Library/Caches</c>, <c>%LOCALAPPDATA%</c>); null where the user has no home.
    /// </summary>
    /// <param name="kind">The name of the kind, one part of a path.</param>
    public static string? Folder(string kind) => Root() is { Length: > 0 } root ? Path.Combine(root, "tweedie", kind) : null;

    private static string Root()
    {
        if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { } chosen && Path.IsPathFullyQualified(chosen))
            return chosen;
        if (OperatingSystem.IsWindows())
            return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return home.Length == 0 ? "" : Path.Combine(home, OperatingSystem.IsMacOS() ? "Library/Caches" : ".cache");
    }
}
