using System.Security.Cryptography;
using System.Text;
using Tweedie.Storage;

namespace Tweedie.Images;

/// <summary>
/// Keeps the indexes of large folders in files, so that a folder need not be listed again while the modification times of all folders in it stay
/// the same. A file that is damaged is written anew; where files cannot be written, folders are listed each time.
/// </summary>
/// <remarks>
/// The cache does not see a change that leaves all folders' times as they are. A file that is rewritten in place does not matter to an index. A
/// few file systems (FAT, some object stores) keep no such times, so no change is seen there; delete the file of the index after one.
/// </remarks>
/// <param name="cacheFolder">The folder for the files, created when needed; null keeps none.</param>
/// <param name="minimumImages">The number of images from which listing a folder takes so long that its index is kept.</param>
internal sealed class FolderIndexCache(string? cacheFolder, int minimumImages = 10_000)
{
    // Two changes may have the same time if one follows the other closely: the coarsest clock, FAT's, ticks every two seconds.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    /// <summary>The cache of the user who runs the program.</summary>
    public static FolderIndexCache OfUser { get; } = new(UserCache.Folder("index"));

    /// <summary>The index of a folder, as it would be listed now.</summary>
    /// <exception cref="IOException">A folder cannot be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder may not be listed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public FolderIndex Open(string folder, CancellationToken cancellation = default)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (cacheFolder is null)
            return FolderIndex.List(folder, cancellation);
        var path = Path.Combine(cacheFolder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..16]);
        if (TryRead(path, folder) is { } known)
            return known;
        var start = DateTime.UtcNow;
        var index = FolderIndex.List(folder, cancellation);
        if (index.Count >= minimumImages && index.Folders.All(stamp => stamp.Changed > DateTime.UnixEpoch && stamp.Changed < start - Settling))
            TryWrite(path, folder, index);
        return index;
    }

    private static FolderIndex? TryRead(string path, string folder)
    {
        try
        {
            return FolderIndexFile.TryRead(path, folder) is { } index && index.Folders.All(stamp => FolderStamp.Of(folder, stamp.Path) == stamp) ? index : null;
        }
        catch (Exception exception) when (exception.IsFileError())
        {
            return null;
        }
    }

    private static void TryWrite(string path, string folder, FolderIndex index)
    {
        try
        {
            Folder.Create(Path.GetDirectoryName(path)!);
            FolderIndexFile.Write(path, folder, index);
        }
        catch (TweedieException)
        {
            // The next run lists the folder again.
        }
    }
}
