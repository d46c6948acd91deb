using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TorchSharp;

namespace Tweedie.Tests.Training;

/// <summary>
/// One line that names everything that decides the last bits of a computation on the CPU. Kernels are chosen by the processor's maker, family,
/// model and vector instructions (MKL looks at all of them), and by variables that force another choice; a libtorch of the same version may be built differently.
/// </summary>
internal static class NumericPlatform
{
    private const string CpuInfo = "/proc/cpuinfo";

    private static readonly string[] VectorInstructions = ["sse", "ssse", "avx", "fma", "f16c", "amx"];

    private static readonly string[] Forcing =
        ["ATEN_CPU_CAPABILITY", "MKL_CBWR", "MKL_ENABLE_INSTRUCTIONS", "ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA"];

    /// <summary>The line of this process; null if the system does not tell the processor's identity.</summary>
    public static string? Current { get; } = File.Exists(CpuInfo) ? Describe(File.ReadLines(CpuInfo)) : null;

    private static string? Describe(IEnumerable<string> lines)
    {
        if (Processor(lines) is not { } processor || Libtorch() is not { } libtorch)
            return null;
        var forced = Forcing.Select(name => (name, value: Environment.GetEnvironmentVariable(name))).Where(pair => pair.value is not null)
            .Select(pair => $"{pair.name}={pair.value}");
        return string.Join(", ", [RuntimeInformation.RuntimeIdentifier, processor, libtorch, .. forced]);
    }

    /// <summary>Maker, family, model and vector instructions of the first processor in the text of <c>/proc/cpuinfo</c>; null if the text does not hold them.</summary>
    internal static string? Processor(IEnumerable<string> lines)
    {
        var fields = lines.TakeWhile(line => line.Length > 0).Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
            .Where(field => field.Length == 2).DistinctBy(field => field[0]).ToDictionary(field => field[0], field => field[1]);
        if (!(fields.TryGetValue("vendor_id", out var maker) && fields.TryGetValue("cpu family", out var family)
            && fields.TryGetValue("model", out var model) && fields.TryGetValue("flags", out var flags)))
            return null;
        var vectors = flags.Split(' ').Where(flag => VectorInstructions.Any(kind => flag.StartsWith(kind, StringComparison.Ordinal))).Order(StringComparer.Ordinal);
        return $"{maker} family {family} model {model} with {string.Join(' ', vectors)}";
    }

    // The version does not tell two builds apart; the file does.
    private static string? Libtorch()
    {
        using (torch.zeros(1)) // loads it
        {
        }
        var file = File.ReadLines("/proc/self/maps").Select(line => line[(line.IndexOf('/') + 1)..])
            .FirstOrDefault(path => Path.GetFileName(path) == "libtorch_cpu.so");
        if (file is null)
            return null;
        using var stream = File.OpenRead("/" + file);
        return $"libtorch {Tweedie.Platform.HostInfo.Read().Libtorch} {Convert.ToHexStringLower(SHA256.HashData(stream))[..12]}";
    }
}
