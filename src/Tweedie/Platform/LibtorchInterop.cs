using System.Runtime.InteropServices;
using TorchSharp;

namespace Tweedie.Platform;

/// <summary>What libtorch tells about itself and its devices but TorchSharp does not pass on.</summary>
internal static partial class LibtorchInterop
{
    /// <summary>The version of the loaded libtorch; the one that TorchSharp was built for where libtorch does not tell.</summary>
    public static string Version
    {
        get
        {
            try
            {
                var version = AbiVersion(); // one byte each from the top: major, minor, patch
                return $"{version >> 56}.{(byte)(version >> 48)}.{(byte)(version >> 40)}";
            }
            catch (Exception exception) when (exception is EntryPointNotFoundException or DllNotFoundException)
            {
                return torch.__version__;
            }
        }
    }

    /// <summary>The name of a CUDA device, or its number where libtorch does not tell.</summary>
    public static string CudaDeviceName(int index)
    {
        try
        {
            return Marshal.PtrToStringUTF8(CudaDeviceProperties((sbyte)index)) ?? $"cuda:{index}";
        }
        catch (Exception exception) when (exception is EntryPointNotFoundException or DllNotFoundException)
        {
            return $"cuda:{index}";
        }
    }

    [LibraryImport("torch_cpu", EntryPoint = "aoti_torch_abi_version")]
    private static partial ulong AbiVersion();

    /// <summary><c>at::cuda::getDeviceProperties</c>: a cudaDeviceProp, which begins with the name as a C string.</summary>
    [LibraryImport("torch_cuda", EntryPoint = "_ZN2at4cuda19getDevicePropertiesEa")]
    private static partial nint CudaDeviceProperties(sbyte device);
}
