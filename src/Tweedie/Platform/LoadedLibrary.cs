using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Tweedie.Platform;

/// <summary>Gives a loaded library a second path, so that a later load of that path maps no second library.</summary>
/// <remarks>
/// The GNU loader knows a library by the path it was loaded from, by its SONAME and by its inode. The path stands in the public part of
/// the library's <c>struct link_map</c> (link.h), and a load of a path compares with it before it looks at any file.
/// </remarks>
internal static partial class LoadedLibrary
{
    private const int LinkMapRequest = 2; // RTLD_DI_LINKMAP

    /// <summary>Lets loads of <paramref name="path"/> return the library behind <paramref name="handle"/> (Linux with glibc).</summary>
    /// <exception cref="Win32Exception">The loader does not know the handle.</exception>
    public static unsafe void Alias(nint handle, string path)
    {
        if (GetInfo(handle, LinkMapRequest, out var map) != 0)
            throw new Win32Exception("dlinfo does not know the library.");
        map->Path = Marshal.StringToCoTaskMemUTF8(path); // never freed: the loader keeps it as long as the library, the whole process
    }

    [LibraryImport("libc", EntryPoint = "dlinfo")]
    private static unsafe partial int GetInfo(nint handle, int request, out LinkMap* map);

    /// <summary>The beginning of <c>struct link_map</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct LinkMap
    {
        public nint Address;
        public nint Path;
    }
}
