using System.Globalization;
using System.Runtime.InteropServices;

namespace Tweedie.Bench;

/// <summary>The most memory that some work holds beyond what was there before it (Linux: the kernel's high-water mark).</summary>
internal static partial class PeakMemory
{
    /// <summary>Runs the work once and returns MiB.</summary>
    public static double Of(Action work)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        _ = TrimHeap(0);
        File.WriteAllText("/proc/self/clear_refs", "5"); // the mark falls to the memory that is resident now
        var before = Status("VmRSS:");
        work();
        return (Status("VmHWM:") - before) / 1024.0;
    }

    private static long Status(string field) => long.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith(field, StringComparison.Ordinal))[field.Length..].Replace("kB", ""),
        CultureInfo.InvariantCulture);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimHeap(nuint pad);
}
