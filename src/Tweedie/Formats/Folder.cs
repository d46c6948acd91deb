namespace Tweedie.Formats;

/// <summary>Folders that files are written to.</summary>
internal static class Folder
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
}
