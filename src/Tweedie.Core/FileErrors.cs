using System.Security;

namespace Tweedie;

/// <summary>Turns failures of files and folders into one-line messages that name the file and the reason.</summary>
public static class FileErrors
{
    /// <summary>Whether the exception comes from a file or a disk rather than from a defect of the program.</summary>
    public static bool IsFileError(this Exception exception) =>
        exception is IOException or UnauthorizedAccessException or SecurityException;

    /// <summary>The message for a file that could not be read.</summary>
    /// <param name="path">The file, which the message begins with.</param>
    /// <param name="cause">The cause, which becomes the inner exception.</param>
    /// <returns>The exception to throw.</returns>
    public static TweedieException CannotRead(string path, Exception cause) =>
        new($"{path}: cannot be read: {Reason(path, cause)}", cause, FaultKind.Storage);

    /// <summary>The message for a file that could not be written.</summary>
    /// <param name="path">The file, which the message begins with.</param>
    /// <param name="cause">The cause, which becomes the inner exception.</param>
    /// <returns>The exception to throw.</returns>
    public static TweedieException CannotWrite(string path, Exception cause) =>
        new($"{path}: cannot be written: {Reason(path, cause)}", cause, FaultKind.Storage);

    private static string Reason(string path, Exception cause) => cause switch
    {
        FileNotFoundException => "it does not exist",
        DirectoryNotFoundException => $"the folder {Path.GetDirectoryName(Path.GetFullPath(path))} does not exist",
        UnauthorizedAccessException when Directory.Exists(path) => "it is a folder",
        UnauthorizedAccessException or SecurityException => "access is denied",
        // The runtime appends the path, which the message already begins with.
        _ => OneLine.Of(cause.Message.Split(" : '")[0].TrimEnd('.')),
    };
}
