using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using TorchSharp;

namespace Tweedie.Platform;

/// <summary>
/// Loads libtorch and TorchSharp's native library on their first use, from the application or from the folder which the environment
/// variable <c>TWEEDIE_LIBTORCH</c> names, on hosts with an older libstdc++ too. No call is needed, because this is set up when the assembly is loaded.
/// </summary>
public static class TorchRuntime
{
    private const string NativeName = "LibTorchSharp";

    private static readonly Lazy<nint> Handle = new(Load);
    private static bool _isSetUp;

    /// <summary>
    /// Loads libtorch now, if that has not happened. This reports a broken install early, and a program that calls TorchSharp before any Tweedie type needs
    /// it.
    /// </summary>
    /// <exception cref="TweedieException">libtorch cannot be loaded; the message says why and what to do.</exception>
    public static void EnsureLoaded() => _ = Handle.Value;

    /// <summary>The address of a function of TorchSharp's native library, for what TorchSharp has there but does not offer.</summary>
    internal static nint Function(string name) => NativeLibrary.GetExport(
        Handle.Value is not 0 and var own ? own : NativeLibrary.Load(NativeName, typeof(torch).Assembly, searchPath: null), name);

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "TorchSharp must find its native library without a call by the library's user.")]
    internal static void Initialize()
    {
        // TorchSharp loads itself where that works: on other systems than Linux with the packaged libtorch, and in notebooks, out of the package folders.
        var isPackaged = !LibtorchFolder.IsChosen && LibtorchFolder.FindPackaged("torch_cpu") is not null;
        if ((!OperatingSystem.IsLinux() && isPackaged) || LibtorchFolder.FindPackaged(NativeName) is null)
            return;

        try
        {
            NativeLibrary.SetDllImportResolver(typeof(torch).Assembly, (name, _, _) => name == NativeName ? Handle.Value : 0);
        }
        catch (InvalidOperationException)
        {
            return; // the application resolves TorchSharp's library in its own way
        }
        var context = AssemblyLoadContext.GetLoadContext(typeof(torch).Assembly)!;
        context.ResolvingUnmanagedDll += (_, name) => name == NativeName ? Resolve() : 0;

        _isSetUp = true;

        // A chosen libtorch must be loaded before TorchSharp's first step, which loads the packaged one without asking.
        if (LibtorchFolder.IsChosen)
            _ = Resolve();
    }

    /// <summary>
    /// Answers TorchSharp's own attempt to load its library. An error must not reach TorchSharp, because it would go on to copy libtorch out of the package
    /// cache. So it gets some handle, and its first call into the library then meets the error.
    /// </summary>
    private static nint Resolve()
    {
        try
        {
            return Handle.Value;
        }
        catch (TweedieException)
        {
            return NativeLibrary.GetMainProgramHandle();
        }
    }

    private static nint Load()
    {
        if (!_isSetUp)
            return 0;
        var folder = LibtorchFolder.Find();
        try
        {
            // libtorch first: TorchSharp's library, or its patched copy in another folder, then finds it by name.
            if (folder is not null)
                LibtorchFolder.Load(folder);
            return PatchedLibrary.Load(LibtorchFolder.FindPackaged(NativeName)!);
        }
        catch (Exception exception) when (exception is not TweedieException)
        {
            if (folder is null)
                throw LibtorchFolder.Package.Missing(exception, $"set {LibtorchFolder.Variable} to a folder that holds a libtorch");
            var reason = exception.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)[^1];
            throw new TweedieException(
                $"libtorch cannot be loaded from '{folder}' ({reason}); set {LibtorchFolder.Variable} to a folder with another one.", exception, FaultKind.Resources);
        }
    }
}
