namespace Tweedie.Cli.Output;

/// <summary>Files that a command writes when its work is done.</summary>
internal static class OutputFile
{
    /// <summary>Refuses a file whose path cannot be written, before work that may take long.</summary>
    /// <param name="option">The option that names the file.</param>
    /// <param name="path">The file; null is accepted.</param>
    /// <exception cref="TweedieException">Its folder does not exist, or it is a folder itself.</exception>
    public static void Check(string option, string? path)
    {
        if (path is null)
            return;
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (!Directory.Exists(folder))
            throw new TweedieException($"{option} {path}: the folder {folder} does not exist; create it or choose another file.");
        if (Directory.Exists(path))
            throw new TweedieException($"{option} {path}: is a folder; name a file in it.");
    }

    /// <summary>Refuses a folder whose path is a file's, before work that may take long.</summary>
    /// <param name="option">The option that names the folder.</param>
    /// <param name="path">The folder; null is accepted.</param>
    /// <exception cref="TweedieException">It is a file.</exception>
    public static void CheckFolder(string option, string? path)
    {
        if (File.Exists(path))
            throw new TweedieException($"{option} {path}: is a file; name a folder.");
    }
}
