using System.Runtime.InteropServices;

namespace Tweedie.Platform;

/// <summary>Finds native libraries. TorchSharp's own lies with the application; libtorch's lie there too, or in a folder that the user names.</summary>
internal static class LibtorchFolder
{
    /// <summary>The environment variable that names a folder with a libtorch to use in place of the packaged one.</summary>
    public const string Variable = "TWEEDIE_LIBTORCH";

    /// <summary>The packages that bring libtorch.</summary>
    public static readonly NativePackage Package = new("libtorch", "libtorch-cpu-", "2.10.0.0", ["linux-x64", "win-x64", "osx-arm64"]);

    private const string WayOut = "set it to a folder such as torch/lib of a PyTorch install, or unset it to use the packaged libtorch";

    /// <summary>libtorch's libraries, each after those it depends on; the ones for CUDA are absent from a CPU build.</summary>
    private static readonly string[] LoadOrder = ["c10", "torch_cpu", "c10_cuda", "torch_cuda", "torch"];

    /// <summary>Whether the user named a libtorch.</summary>
    public static bool IsChosen => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 };

    /// <summary>The folder of the libtorch to load, or null where the application brings none.</summary>
    /// <exception cref="TweedieException">The variable names a folder that is absent or holds no libtorch.</exception>
    public static string? Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } folder)
            return Path.GetDirectoryName(FindPackaged("torch_cpu"));
        if (!Directory.Exists(folder))
            throw new TweedieException($"{Variable}: the folder '{folder}' does not exist; {WayOut}.");
        if (!File.Exists(Path.Combine(folder, FileName("torch_cpu"))))
            throw new TweedieException($"{Variable}: the folder '{folder}' holds no {FileName("torch_cpu")}; {WayOut}.");
        if (FindPackaged("torch_cuda") is not null && !File.Exists(Path.Combine(folder, FileName("torch_cuda"))))
            throw new TweedieException(
                $"{Variable}: the folder '{folder}' holds a libtorch without CUDA, but the application has one with it; build with -p:Torch=none.");
        return Path.GetFullPath(folder);
    }

    /// <summary>The full path of a native library that came with the application, or null.</summary>
    public static string? FindPackaged(string library) =>
        SearchFolders().Select(folder => Path.Combine(folder, FileName(library))).FirstOrDefault(File.Exists);

    /// <summary>Loads libtorch from a folder, so that later requests for one of its libraries get these.</summary>
    /// <exception cref="DllNotFoundException">A library or one of its dependencies cannot be loaded.</exception>
    /// <exception cref="TweedieException">A second libtorch, which TorchSharp would load by its path, cannot be kept out.</exception>
    public static void Load(string folder)
    {
        foreach (var library in LoadOrder)
        {
            var path = Path.Combine(folder, FileName(library));
            if (!File.Exists(path))
                continue;
            var handle = NativeLibrary.Load(path);
            if (FindPackaged(library) is not { } packaged || packaged == path)
                continue;
            if (!OperatingSystem.IsLinux())
                throw new TweedieException($"{Variable}: '{folder}' would be loaded beside the libtorch in the application; build with -p:Torch=none.");
            LoadedLibrary.Alias(handle, packaged);
        }
    }

    /// <summary>The file name of a native library on this platform.</summary>
    internal static string FileName(string library) =>
        OperatingSystem.IsWindows() ? $"{library}.dll" : OperatingSystem.IsMacOS() ? $"lib{library}.dylib" : $"lib{library}.so";

    private static IEnumerable<string> SearchFolders()
    {
        // The host's list covers build outputs, published applications and packages used in place; not every host gives it.
        var folders = (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return [.. folders, Path.Combine(AppContext.BaseDirectory, "runtimes", NativePackage.Platform, "native"), AppContext.BaseDirectory];
    }
}
