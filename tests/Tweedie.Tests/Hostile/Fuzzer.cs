using System.Diagnostics;
using static TorchSharp.torch;

namespace Tweedie.Tests.Hostile;

/// <summary>
/// Reads damaged files for a while. Each must be read or refused with a <see cref="TweedieException"/> of one line, in time and within the
/// format's bound of memory. Input number i of a format is a pure function of (format, seed, i), so it is the same everywhere and in every run.
/// </summary>
internal static class Fuzzer
{
    private static readonly TimeSpan SlowestRead = TimeSpan.FromMinutes(1); // allows for a busy machine; reads take milliseconds
    private const long OtherResident = 64 << 20; // the runtime's own memory: heaps that grow, code that is compiled

    public static FuzzReport Run(FuzzFormat format, TimeSpan duration, long seed)
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, bytes) in format.Beside)
            folder.Write(name, bytes);
        var watch = Stopwatch.StartNew();
        var report = new FuzzReport(format.Name);
        do
        {
            var random = new SampleRandom(Seeds.Derive(seed, SeedPurpose.Generate, report.Tried));
            var path = folder.Write(format.FileName, Mutation.Damage(format.Samples, random)); // stays there if the process dies
            report = Read(format, path, report);
        }
        while (watch.Elapsed < duration);
        Directory.GetFiles(folder.Path).Should().HaveCount(format.Beside.Count + 1, "reading writes no files");
        return report;
    }

    private static FuzzReport Read(FuzzFormat format, string path, FuzzReport report)
    {
        Exception? failure = null;
        var watch = Stopwatch.StartNew();
        var managed = GC.GetAllocatedBytesForCurrentThread();
        var resident = PeakMemory.Of(() =>
        {
            using var scope = NewDisposeScope();
            failure = Record.Exception(() => format.Read(path));
        });
        managed = GC.GetAllocatedBytesForCurrentThread() - managed;

        var (length, bound) = (new FileInfo(path).Length, format.Bound(new FileInfo(path).Length));
        var problem = failure switch
        {
            not (null or TweedieException) => $"failed: {failure}",
            not null when failure.Message.AsSpan().IndexOfAny('\n', '\r') >= 0 => $"was refused in several lines: {failure.Message}",
            _ when watch.Elapsed > SlowestRead => $"took {watch.Elapsed}",
            _ when managed > bound || resident > bound + OtherResident => $"took {managed} managed and {resident} resident bytes, its {length} bytes allow {bound}",
            _ => null,
        };
        if (problem is null)
            return report.Add(failure is null, managed, resident);
        var kept = Path.Combine(Path.GetTempPath(), $"tweedie-fuzz-{report.Tried}-{format.FileName}");
        File.Copy(path, kept, overwrite: true);
        throw new InvalidOperationException($"{format.Name}: input {report.Tried}, kept as {kept}, {problem}");
    }
}
