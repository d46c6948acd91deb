using System.Globalization;

namespace Tweedie.Tests.Hostile;

/// <summary>The most memory that a piece of work holds at once beyond what there was before, native memory included. Linux only; 0 elsewhere.</summary>
internal static class PeakMemory
{
    private const string Reset = "/proc/self/clear_refs";
    private const string Status = "/proc/self/status";

    public static long Of(Action work)
    {
        if (!File.Exists(Reset))
        {
            work();
            return 0;
        }
        File.WriteAllText(Reset, "5"); // the peak becomes the memory that is resident now
        var before = Read("VmHWM:");
        work();
        return Read("VmHWM:") - before;
    }

    /// <summary>Resident memory of this process, bytes.</summary>
    public static long Resident() => Read("VmRSS:");

    private static long Read(string field)
    {
        var line = File.ReadLines(Status).First(line => line.StartsWith(field, StringComparison.Ordinal));
        return 1024 * long.Parse(line[field.Length..].Replace("kB", "", StringComparison.Ordinal), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite);
    }
}
