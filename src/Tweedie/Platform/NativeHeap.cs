using System.Runtime.InteropServices;

namespace Tweedie.Platform;

/// <summary>The C library's heap, which libtorch takes the memory of CPU tensors from.</summary>
public static partial class NativeHeap
{
    // glibc's M_TRIM_THRESHOLD and M_MMAP_MAX
    private const int TrimThreshold = -1;
    private const int MaximumMappings = -4;

    /// <summary>
    /// Keeps freed memory in the process for the next allocation. By default glibc returns large blocks to the system, which hands them back as pages of
    /// zeros, each by a page fault; a training step takes and frees the same gigabytes each time. The setting holds for the whole process, so the program,
    /// not the library, calls this, before anything else. It does nothing on systems without glibc.
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
            // Another C library has another heap.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);
}
