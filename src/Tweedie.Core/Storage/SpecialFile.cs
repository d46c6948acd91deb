using System.Runtime.InteropServices;

namespace Tweedie.Storage;

/// <summary>Tells files from what only has a file's name: pipes, devices and sockets.</summary>
internal static partial class SpecialFile
{
    // As statx(2) has them, the same on every processor.
    private const int WorkingFolder = -100;
    private const uint TypeWanted = 1;
    private const int StatusLength = 256;
    private const int ModePosition = 28;
    private const int TypeBits = 0xF000;
    private const int RegularFile = 0x8000;
    private const int FileFolder = 0x4000;

    /// <summary>
    /// Whether a path leads, perhaps by links, to something that is there and is neither a file nor a folder. Known on Linux alone: elsewhere
    /// false.
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
