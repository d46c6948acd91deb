using System.Security.Cryptography;

namespace Tweedie.Storage;

/// <summary>
/// The file <c>SHA256SUMS</c> of a folder: one line with hash and name for each other file, as <c>sha256sum</c> writes and checks it.
/// </summary>
public static class Checksums
{
    /// <summary>The file's name.</summary>
    public const string FileName = "SHA256SUMS";

    /// <summary>Hashes the files of a folder and its subfolders, and writes the hashes into the folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="files">How the file of hashes is written.</param>
    /// <exception cref="TweedieException">The file of hashes cannot be written.</exception>
    /// <exception cref="IOException">A file of the folder cannot be read.</exception>
    public static void Write(string folder, IFileOperations files) =>
        AtomicFile.WriteText(Path.Combine(folder, FileName), Compute(folder), files);

    /// <summary>The damage of a folder's files in a few words; null where they are as they were written.</summary>
    public static string? FindDamage(string folder)
    {
        try
        {
            var (expected, actual) = (Lines(TextFile.Read(Path.Combine(folder, FileName))), Lines(Compute(folder)));
            return expected.Except(actual).Concat(actual.Except(expected)).FirstOrDefault() is { } line
                ? $"'{OneLine.Of(line.Split(' ')[^1])}' is not as it was written"
                : null;
        }
        catch (Exception exception) when (exception is TweedieException || exception.IsFileError())
        {
            return OneLine.Of(exception.Message);
        }
    }

    /// <summary>The SHA-256 of a file in hexadecimal.</summary>
    /// <exception cref="TweedieException">The file cannot be read.</exception>
    public static string OfFile(string path)
    {
        try
        {
            return Hash(path);
        }
        catch (Exception exception) when (exception.IsFileError())
        {
            throw FileErrors.CannotRead(path, exception);
        }
    }

    private static string Compute(string folder) => string.Concat(Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
        .Select(path => (Path: path, Name: Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/')))
        .Where(file => file.Name != FileName)
        .OrderBy(file => file.Name, StringComparer.Ordinal)
        .Select(file => $"{Hash(file.Path)}  {file.Name}\n"));

    private static string Hash(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 20);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private static string[] Lines(string text) => text.Split('\n');
}
