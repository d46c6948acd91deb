using System.Runtime.InteropServices;
using TorchSharp;

namespace Tweedie.Platform;

/// <summary>The machine and the software that a result was measured on.</summary>
/// <param name="OperatingSystem">The operating system with its version.</param>
/// <param name="Processor">The processor's name.</param>
/// <param name="Cores">The logical processors that this process may use.</param>
/// <param name="Runtime">The .NET runtime with its version.</param>
/// <param name="Libtorch">The version of the libtorch in use, such as 2.10.0.</param>
/// <param name="Threads">The threads that libtorch computes one operation with.</param>
/// <param name="CudaDevices">The names of the CUDA devices, in the order of their numbers.</param>
public sealed record HostInfo(
    string OperatingSystem, string Processor, int Cores, string Runtime, string Libtorch, int Threads, IReadOnlyList<string> CudaDevices)
{
    /// <summary>Describes this machine; loads libtorch.</summary>
    /// <exception cref="TweedieException">libtorch cannot be loaded.</exception>
    public static HostInfo Read()
    {
        TorchRuntime.EnsureLoaded();
        var devices = Enumerable.Range(0, torch.cuda.is_available() ? torch.cuda.device_count() : 0).Select(LibtorchInterop.CudaDeviceName);
        return new(
            RuntimeInformation.OSDescription, ReadProcessor(), Environment.ProcessorCount, RuntimeInformation.FrameworkDescription,
            LibtorchInterop.Version, torch.get_num_threads(), [.. devices]);
    }

    private static string ReadProcessor()
    {
        const string cpuInfo = "/proc/cpuinfo";
        var line = File.Exists(cpuInfo)
            ? File.ReadLines(cpuInfo).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER"); // Windows
        return line?.Split(':', 2)[^1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
