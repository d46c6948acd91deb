namespace Tweedie.Storage;

/// <summary>Folders that files are read from and written to.</summary>
public static class Folder
{
    /// <summary>Creates a folder and those above it, where they do not exist.</summary>
    /// <exception cref="TweedieException">It cannot be created; the message names it and says why.</exception>
    public static void Create(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception exception) when (exception.IsFileError())
        {
            throw FileErrors.CannotWrite(path, exception);
        }
    }

    /// <summary>Runs work that looks into a folder; if that fails, the exception names the folder.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="list">The work.</param>
    /// <returns>The result of the work.</returns>
    /// <exception cref="TweedieException">It cannot be listed; the message names it and says why.</exception>
    public static T Listing<T>(string path, Func<T> list)
    {
        try
        {
            return list();
        }
        catch (Exception exception) when (exception.IsFileError())
        {
            throw new TweedieException($"{path}: cannot be listed: {OneLine.Of(exception.Message)}", exception, FaultKind.Storage);
        }
    }

    /// <summary>Whether a path that a file gives stays inside the folder that it is relative to, on any system.</summary>
    public static bool Holds(string relative) =>
        relative.Length > 0 && relative[0] is not ('/' or '\\') && !relative.Contains(':') && !relative.Any(char.IsControl)
        && !relative.Split('/', '\\').Contains("..");
}
