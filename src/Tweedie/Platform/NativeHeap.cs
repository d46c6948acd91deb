using System.Runtime.InteropServices;

namespace Tweedie.Platform;

/// <summary>The C library's heap, which libtorch takes the memory of CPU tensors from.</summary>
public static partial class NativeHeap
{
    // glibc's M_TRIM_THRESHOLD and M_MMAP_MAX
    private const int TrimThreshold = -1;
    private const int MaximumMappings = -4;

    /// <summary>
    /// Keeps freed memory in the process for what is allocated next. By default glibc returns large blocks to the system, which hands them
    /// back as pages of zeros, each by a fault; a training step takes and frees the same gigabytes each time. Of the whole process, so for
    /// the program to call, first of all. Does nothing on systems without glibc.
    /// </summary>
    public static void KeepFreedMemory()
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = SetOption(TrimThreshold, -1); // never
            _ = SetOption(MaximumMappings, 0);
        }
        catch (Exception exception) when (exception is EntryPointNotFoundException or DllNotFoundException)
        {
            // Another C library, another heap.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);
}
