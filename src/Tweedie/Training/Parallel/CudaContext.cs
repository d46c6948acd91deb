using System.Runtime.InteropServices;

namespace Tweedie.Training;

/// <summary>A GPU as CUDA's driver sees it. libtorch and NCCL share its primary context, and order their work in its default stream.</summary>
internal sealed unsafe class CudaContext : IDisposable
{
    /// <summary>The driver's names.</summary>
    public static readonly IReadOnlyList<string> Names = ["libcuda.so.1", "libcuda.so"];

    private const int NotReady = 600; // CUDA_ERROR_NOT_READY

    private readonly nint _library;
    private readonly int _device;
    private readonly nint _context;

    /// <summary>Takes the context of a GPU.</summary>
    /// <param name="names">The driver's names.</param>
    /// <param name="number">The number of the GPU, as libtorch counts.</param>
    /// <exception cref="TweedieException">The driver is not installed, or refuses.</exception>
    public CudaContext(IReadOnlyList<string> names, int number)
    {
        _library = names.Select(name => NativeLibrary.TryLoad(name, out var library) ? library : 0).FirstOrDefault(library => library != 0);
        if (_library == 0)
            throw new TweedieException($"CUDA's driver ({names[0]}) cannot be loaded; install NVIDIA's driver, or train on the CPU.", FaultKind.Resources);
        int device;
        nint context;
        Check(((delegate* unmanaged<uint, int>)Address("cuInit"))(0), "cuInit");
        Check(((delegate* unmanaged<int*, int, int>)Address("cuDeviceGet"))(&device, number), "cuDeviceGet");
        Check(((delegate* unmanaged<nint*, int, int>)Address("cuDevicePrimaryCtxRetain"))(&context, device), "cuDevicePrimaryCtxRetain");
        (_device, _context) = (device, context);
    }

    /// <summary>Whether all work in the default stream is done, which includes libtorch's. The context must be current.</summary>
    /// <exception cref="TweedieException">A piece of work has failed.</exception>
    public bool IsIdle
    {
        get
        {
            var result = ((delegate* unmanaged<nint, int>)Address("cuStreamQuery"))(0);
            if (result != NotReady)
                Check(result, "cuStreamQuery");
            return result != NotReady;
        }
    }

    /// <summary>Makes the context current in this thread, and calls.</summary>
    public T Within<T>(Func<T> call)
    {
        Check(((delegate* unmanaged<nint, int>)Address("cuCtxPushCurrent_v2"))(_context), "cuCtxPushCurrent");
        try
        {
            return call();
        }
        finally
        {
            nint context;
            _ = ((delegate* unmanaged<nint*, int>)Address("cuCtxPopCurrent_v2"))(&context);
        }
    }

    /// <summary>Gives the context back.</summary>
    public void Dispose() => _ = ((delegate* unmanaged<int, int>)Address("cuDevicePrimaryCtxRelease_v2"))(_device);

    private nint Address(string name) => NativeLibrary.GetExport(_library, name);

    private void Check(int result, string function)
    {
        if (result == 0)
            return;
        nint text = 0;
        _ = ((delegate* unmanaged<int, nint*, int>)Address("cuGetErrorString"))(result, &text);
        throw new TweedieException($"CUDA: {function} failed: {Marshal.PtrToStringUTF8(text) ?? $"error {result}"}.", FaultKind.Resources);
    }
}
