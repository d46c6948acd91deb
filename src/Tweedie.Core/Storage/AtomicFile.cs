using System.Text;

namespace Tweedie.Storage;

/// <summary>Writes files so that a crash, a full disk or an error leaves either the whole old content or the whole new content.</summary>
public static class AtomicFile
{
    private static readonly DiskOperations Disk = new();

    /// <summary>
    /// Writes a file under a temporary name in the same folder, flushes it to the disk and renames it over <paramref name="path"/>.
    /// If anything fails, the temporary file is deleted and the file that was there before is untouched. Where the path is a link, the file that
    /// it leads to is replaced and the link stays; a pipe or a device is written to as it is.
    /// </summary>
    /// <exception cref="TweedieException">The file cannot be written; the message names it and says why.</exception>
    public static void Write(string path, Action<Stream> write) => Write(path, write, Disk);

    /// <summary>Writes a file of UTF-8 text (without a byte order mark) in the same way.</summary>
    /// <exception cref="TweedieException">The file cannot be written; the message names it and says why.</exception>
    public static void WriteText(string path, string text) => WriteText(path, text, Disk);

    /// <inheritdoc cref="WriteText(string, string)"/>
    /// <param name="path">The file.</param>
    /// <param name="text">Its content.</param>
    /// <param name="files">The steps of the write.</param>
    public static void WriteText(string path, string text, IFileOperations files) =>
        Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)), files);

    /// <inheritdoc cref="Write(string, Action{Stream})"/>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="files">The steps of the write.</param>
    public static void Write(string path, Action<Stream> write, IFileOperations files)
    {
        if (SpecialFile.Is(path))
            WriteInto(path, write);
        else
            Replace(FollowLink(path), write, files);
    }

    private static void Replace(string path, Action<Stream> write, IFileOperations files)
    {
        var target = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(target) ?? throw new TweedieException($"{path}: cannot be written: it is a folder", FaultKind.Storage);
        var temporary = Path.Combine(folder, $".{Path.GetRandomFileName()}.tmp");
        try
        {
            using (var stream = files.Create(temporary))
            {
                write(stream);
                files.Flush(stream);
            }
            files.Replace(temporary, target);
            files.FlushFolder(folder);
        }
        catch (Exception exception)
        {
            Discard(temporary, files);
            if (exception.IsFileError())
                throw FileErrors.CannotWrite(path, exception);
            throw;
        }
    }

    // A pipe or a device has no old content to keep, and a file must not take its place.
    private static void WriteInto(string path, Action<Stream> write)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            write(stream);
        }
        catch (Exception exception) when (exception.IsFileError())
        {
            throw FileErrors.CannotWrite(path, exception);
        }
    }

    /// <summary>Where a link leads in the end, whether or not a file is there; the path itself if it is not a link.</summary>
    private static string FollowLink(string path)
    {
        try
        {
            var file = new FileInfo(path);
            return file.LinkTarget is null ? path : file.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
        }
        catch (Exception exception) when (exception.IsFileError())
        {
            throw FileErrors.CannotWrite(path, exception);
        }
    }

    private static void Discard(string temporary, IFileOperations files)
    {
        try
        {
            files.Delete(temporary);
        }
        catch (Exception exception) when (exception.IsFileError())
        {
            // The first error is the one to report.
        }
    }
}
