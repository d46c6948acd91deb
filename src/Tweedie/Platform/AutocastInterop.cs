using System.Runtime.InteropServices;
using TorchSharp;

namespace Tweedie.Platform;

/// <summary>libtorch's autocast state, by the names that its C++ functions carry in the Itanium ABI (Linux and macOS).</summary>
/// <remarks>Declared in ATen/autocast_mode.h; the state belongs to the thread. DeviceType and ScalarType are bytes there.</remarks>
internal static partial class AutocastInterop
{
    private const string Library = "torch_cpu";

    /// <summary>Whether this libtorch has the functions under these names.</summary>
    public static bool IsPresent
    {
        get
        {
            try
            {
                _ = IsCacheEnabled();
                _ = IsEnabled((sbyte)DeviceType.CPU);
                return true;
            }
            catch (Exception exception) when (exception is EntryPointNotFoundException or DllNotFoundException)
            {
                return false;
            }
        }
    }

    [LibraryImport(Library, EntryPoint = "_ZN2at8autocast19is_autocast_enabledEN3c1010DeviceTypeE")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool IsEnabled(sbyte device);

    [LibraryImport(Library, EntryPoint = "_ZN2at8autocast20set_autocast_enabledEN3c1010DeviceTypeEb")]
    public static partial void SetEnabled(sbyte device, [MarshalAs(UnmanagedType.U1)] bool enabled);

    [LibraryImport(Library, EntryPoint = "_ZN2at8autocast18get_autocast_dtypeEN3c1010DeviceTypeE")]
    public static partial sbyte GetDtype(sbyte device);

    [LibraryImport(Library, EntryPoint = "_ZN2at8autocast18set_autocast_dtypeEN3c1010DeviceTypeENS1_10ScalarTypeE")]
    public static partial void SetDtype(sbyte device, sbyte dtype);

    [LibraryImport(Library, EntryPoint = "_ZN2at8autocast25is_autocast_cache_enabledEv")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool IsCacheEnabled();

    [LibraryImport(Library, EntryPoint = "_ZN2at8autocast17increment_nestingEv")]
    public static partial int IncrementNesting();

    [LibraryImport(Library, EntryPoint = "_ZN2at8autocast17decrement_nestingEv")]
    public static partial int DecrementNesting();

    [LibraryImport(Library, EntryPoint = "_ZN2at8autocast11clear_cacheEv")]
    public static partial void ClearCache();
}
