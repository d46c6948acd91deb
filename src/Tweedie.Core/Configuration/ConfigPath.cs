namespace Tweedie.Configuration;

/// <summary>A path of a config, and what it was resolved against.</summary>
/// <param name="Key">The option.</param>
/// <param name="Origin">Where it was written.</param>
/// <param name="Written">The text that was written.</param>
/// <param name="Full">The absolute path.</param>
/// <param name="Base">The folder that it was relative to; null for an absolute path.</param>
/// <param name="IsFallback">Whether the file's folder has nothing of that name, but the current folder has.</param>
internal sealed record ConfigPath(string Key, string Origin, string Written, string Full, string? Base, bool IsFallback)
{
    /// <summary>
    /// Resolves a path of a file against the file's folder. Where nothing is there, but the current folder has such a file or folder, that one is taken,
    /// because some configs are written for the current folder.
    /// </summary>
    /// <param name="key">The option.</param>
    /// <param name="origin">Where it was written.</param>
    /// <param name="written">The text that was written.</param>
    /// <param name="folder">The file's folder; null for a change on the command line.</param>
    public static ConfigPath Resolve(string key, string origin, string written, string? folder)
    {
        var current = Directory.GetCurrentDirectory();
        if (Path.IsPathFullyQualified(written))
            return new(key, origin, written, Path.GetFullPath(written), null, IsFallback: false);
        var (full, other) = (Path.GetFullPath(written, folder ?? current), Path.GetFullPath(written, current));
        return full != other && !IsThere(full) && IsThere(other)
            ? new(key, origin, written, other, current, IsFallback: true) : new(key, origin, written, full, folder ?? current, IsFallback: false);
    }

    /// <summary>Whether there is such a file or folder.</summary>
    public bool Exists => IsThere(Full);

    // A pattern names the files in a folder.
    private static bool IsThere(string path) =>
        Path.Exists(path.AsSpan().ContainsAny('*', '?') ? Path.GetDirectoryName(path) : path);
}
