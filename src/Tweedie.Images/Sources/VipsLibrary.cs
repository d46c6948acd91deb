using NetVips;

namespace Tweedie.Images;

/// <summary>libvips, which a package of the program's platform brings.</summary>
internal static class VipsLibrary
{
    /// <summary>The packages that bring it.</summary>
    public static readonly NativePackage Package = new("libvips", "NetVips.Native.", "8.18.7", ["linux-x64", "win-x64", "osx-arm64"]);

    private static readonly Lazy<bool> IsReady = new(SetUp);

    /// <summary>Loads libvips on its first use. Whatever calls NetVips calls this before.</summary>
    /// <exception cref="TweedieException">It is missing; the message names the package to add.</exception>
    public static void EnsureLoaded()
    {
        if (!IsReady.Value)
            throw Package.Missing(ModuleInitializer.Exception ?? new DllNotFoundException("libvips cannot be initialized"));
    }

    private static bool SetUp()
    {
        if (!ModuleInitializer.VipsInitialized)
            return false;
        // libvips also prints what it reports as an error, which would put several lines where the user should read one.
        Log.SetLogHandler("VIPS", Enums.LogLevelFlags.Warning, (_, _, _) => { });
        return true;
    }
}
