using System.Runtime.InteropServices;
using Tweedie.Storage;

namespace Tweedie.Platform;

/// <summary>
/// Loads a native library, through a patched copy where the host's libstdc++ is too old for it (<see cref="GlibcxxPatch"/>).
/// </summary>
/// <remarks>The original is never written to: in an output folder it is often a hard link into the package cache.</remarks>
internal static class PatchedLibrary
{
    /// <summary>Loads a library by its full path.</summary>
    /// <exception cref="DllNotFoundException">The library cannot be loaded and no patch helps.</exception>
    public static nint Load(string path)
    {
        if (NativeLibrary.TryLoad(path, out var handle))
            return handle;

        var bytes = OperatingSystem.IsLinux() ? File.ReadAllBytes(path) : [];
        var hash = Hash(bytes);
        if (!GlibcxxPatch.TryApply(bytes))
            return NativeLibrary.Load(path); // throws with the loader's reason

        var name = $"{Path.GetFileNameWithoutExtension(path)}-{hash:x16}{Path.GetExtension(path)}";
        try
        {
            return NativeLibrary.Load(Store(bytes, CacheFolder, name));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // There is no writable cache: use a private folder and delete it once the library is mapped.
            var folder = Directory.CreateTempSubdirectory("tweedie-");
            try
            {
                return NativeLibrary.Load(Store(bytes, folder.FullName, name));
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }
    }

    /// <summary>
    /// Writes a file unless it is there with the same bytes; processes that do so at the same time do not disturb each other.
    /// </summary>
    internal static string Store(ReadOnlySpan<byte> bytes, string folder, string name)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, name);
        if (File.Exists(path) && bytes.SequenceEqual(File.ReadAllBytes(path)))
            return path;

        var aside = Path.Combine(folder, Path.GetRandomFileName());
        File.WriteAllBytes(aside, bytes);
        File.Move(aside, path, overwrite: true); // a rename: atomic, and mapped copies keep their old file
        return path;
    }

    /// <summary>Tells versions of a library apart. It uses no cryptography, because a small host may lack the native library for that.</summary>
    private static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = (ulong)bytes.Length;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes))
            hash = Seeds.Mix(hash ^ word);
        return hash;
    }

    private static string CacheFolder => UserCache.Folder("native") ?? throw new DirectoryNotFoundException("The user has no home folder.");
}
