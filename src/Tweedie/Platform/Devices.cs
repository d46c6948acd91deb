using TorchSharp;

namespace Tweedie.Platform;

/// <summary>Devices by the names that a user types.</summary>
public static class Devices
{
    private static readonly OptionName Option = new("Device", "device");

    /// <summary>Finds a device by its name.</summary>
    /// <param name="name">
    /// <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c>, …, or <c>auto</c>: CUDA where it is available, the CPU elsewhere.
    /// </param>
    /// <exception cref="TweedieException">The name is unknown, or this machine or this libtorch lacks the device.</exception>
    public static torch.Device Parse(string name)
    {
        TorchRuntime.EnsureLoaded();
        return name switch
        {
            "cpu" => torch.CPU,
            "auto" => torch.cuda.is_available() ? torch.CUDA : torch.CPU,
            "cuda" => Cuda(name, 0),
            _ when name.StartsWith("cuda:", StringComparison.Ordinal) && byte.TryParse(name.AsSpan(5), out var index) => Cuda(name, index),
            _ => throw TweedieException.Naming($"{Option}: '{name}' is unknown; use cpu, cuda, cuda:N or auto."),
        };
    }

    private static torch.Device Cuda(string name, int index)
    {
        if (!torch.cuda.is_available())
        {
            throw TweedieException.Naming(
                $"{Option}: '{name}' is not available; build with -p:Torch=cuda, set {LibtorchFolder.Variable} to the folder of a libtorch with CUDA, or use cpu.");
        }
        if (torch.cuda.device_count() is var count && index >= count)
            throw TweedieException.Naming($"{Option}: '{name}' is not available; the last one here is cuda:{count - 1}.");
        return new torch.Device(DeviceType.CUDA, index);
    }
}
