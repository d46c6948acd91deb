using System.CommandLine;
using TorchSharp;
using Tweedie.Platform;
using static TorchSharp.torch;

namespace Tweedie.Cli.Commands;

/// <summary>Where a command computes, and with how many threads.</summary>
internal sealed class ComputeOptions
{
    private const string ThreadsVariable = "OMP_NUM_THREADS";

    /// <summary><c>--device</c></summary>
    public Option<string> Device { get; } = new("--device")
    {
        Description = "cpu, cuda, cuda:N or auto",
        DefaultValueFactory = _ => "auto",
        HelpName = "DEVICE",
    };

    /// <summary><c>--threads</c></summary>
    public Option<int?> Threads { get; } = new Option<int?>("--threads")
    {
        Description = $"Threads per operation on the CPU. By default {ThreadsVariable}, else 1: only large models, such as a ViT-B, gain from more",
        HelpName = "N",
    }.AtLeast(1);

    /// <summary>Sets the threads of torch's operations and finds the device; loads libtorch.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="number">The number of this process among those of its machine, each of which takes a GPU of its own; null where it is alone.</param>
    /// <exception cref="TweedieException">The device is unknown or not available.</exception>
    public Device Open(ParseResult parsed, int? number = null)
    {
        var name = parsed.GetRequiredValue(Device);
        var device = Devices.Parse(name);
        if (number is not null && device.type == DeviceType.CUDA && !name.Contains(':', StringComparison.Ordinal))
            device = Devices.Parse($"cuda:{number}");
        UseThreads(parsed.GetValue(Threads));
        return device;
    }

    /// <summary>
    /// Sets the number of threads that share one operation of torch (and of MKL and oneDNN below it): the number that was asked for, else what
    /// <c>OMP_NUM_THREADS</c> says, else 1. One is the default because threads wait for one another after each operation. Where a model is small,
    /// waiting costs more than it saves; where another process is busy, each of thousands of operations waits until the system gives all threads
    /// a processor. The number also decides in which order sums are added: with 1, a result does not depend on how many processors there are.
    /// </summary>
    public static void UseThreads(int? number)
    {
        if ((number ?? (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(ThreadsVariable)) ? 1 : null)) is { } threads)
            set_num_threads(threads);
    }

    /// <summary>The command-line words that give another process of this program the same device and number of threads.</summary>
    public string[] Words(ParseResult parsed) =>
        [Device.Name, parsed.GetRequiredValue(Device), .. parsed.GetValue(Threads) is { } threads ? [Threads.Name, $"{threads}"] : Array.Empty<string>()];
}
