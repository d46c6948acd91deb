using System.Runtime.InteropServices;

namespace Tweedie.Storage;

/// <summary>Tells files from pipes, devices and sockets, which only have the name of a file.</summary>
internal static partial class SpecialFile
{
    // The values of statx(2), which are the same on every processor.
    private const int WorkingFolder = -100;
    private const uint TypeWanted = 1;
    private const int StatusLength = 256;
    private const int ModePosition = 28;
    private const int TypeBits = 0xF000;
    private const int RegularFile = 0x8000;
    private const int FileFolder = 0x4000;

    /// <summary>
    /// Whether a path leads, perhaps by links, to something that is there and is neither a file nor a folder. Only Linux can
    /// tell; elsewhere the result is false.
    /// </summary>
    public static unsafe bool Is(string path)
    {
        if (!OperatingSystem.IsLinux())
            return false;
        var status = stackalloc byte[StatusLength];
        try
        {
            return Status(WorkingFolder, path, 0, TypeWanted, status) == 0
                && (*(ushort*)(status + ModePosition) & TypeBits) is not (RegularFile or FileFolder);
        }
        catch (Exception exception) when (exception is EntryPointNotFoundException or DllNotFoundException)
        {
            return false; // a C library from before 2018
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Status(int folder, string path, int flags, uint mask, byte* status);
}
