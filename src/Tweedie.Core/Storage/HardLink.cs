using System.Runtime.InteropServices;

namespace Tweedie.Storage;

/// <summary>A second name of a file: both names are the same file until one of them is written anew, and deleting one leaves the other.</summary>
public static partial class HardLink
{
    /// <summary>Gives a file a second name.</summary>
    /// <param name="existing">The file.</param>
    /// <param name="path">The new name, in a folder on the same disk.</param>
    /// <returns>Whether it worked; it does not where there is a file of that name, or where the file system has no such links.</returns>
    public static bool TryCreate(string existing, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(existing);
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return OperatingSystem.IsWindows() ? CreateOnWindows(path, existing, 0) : Create(existing, path) == 0;
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Create(string existing, string path);

    [LibraryImport("kernel32", EntryPoint = "CreateHardLinkW", StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CreateOnWindows(string path, string existing, nint attributes);
}
