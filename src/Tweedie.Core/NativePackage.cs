using System.Runtime.InteropServices;

namespace Tweedie;

/// <summary>
/// The packages that bring a native library, one per platform. No library package depends on them: a program adds the one of its platform.
/// </summary>
/// <param name="Library">What the packages bring, such as <c>libvips</c>.</param>
/// <param name="Prefix">The beginning of their names; a platform such as <c>linux-x64</c> follows.</param>
/// <param name="Version">Their version.</param>
/// <param name="Platforms">The platforms that have one.</param>
public sealed record NativePackage(string Library, string Prefix, string Version, IReadOnlyList<string> Platforms)
{
    /// <summary>The platform of this process, such as <c>linux-x64</c>, <c>win-x64</c> or <c>osx-arm64</c>.</summary>
    public static string Platform { get; } = PlatformOf(
        OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux", RuntimeInformation.ProcessArchitecture, RuntimeInformation.RuntimeIdentifier);

    /// <summary>The error where the library cannot be found: one line that names the package to add.</summary>
    /// <param name="reason">The loader's error.</param>
    /// <param name="otherWay">Another way to bring the library, which stands behind "or"; null where there is none.</param>
    /// <param name="platform">The platform; null takes that of this process.</param>
    public TweedieException Missing(Exception reason, string? otherWay = null, string? platform = null)
    {
        ArgumentNullException.ThrowIfNull(reason);
        var chosen = platform ?? Platform;
        string[] ways = Platforms.Contains(chosen) ? [$"add the package {Prefix}{chosen} {Version} to the program"] : [];
        ways = otherWay is null ? ways : [.. ways, otherWay];
        var none = Platforms.Contains(chosen) ? "" : $", and {chosen} has no package of it";
        var said = reason.GetBaseException().Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).LastOrDefault("");
        said = said.IndexOf(": ", StringComparison.Ordinal) is > 0 and var end ? Path.GetFileName(said[..end]) + said[end..] : said; // of a path, the file
        return new TweedieException(
            $"{Library} was not found ({OneLine.Of(said)}){none}; {(ways is [] ? $"use {string.Join(" or ", Platforms)}" : string.Join(", or ", ways))}.", reason, FaultKind.Resources);
    }

    /// <summary>The name that packages have for a platform; Linux with musl is a platform of its own.</summary>
    internal static string PlatformOf(string system, Architecture architecture, string runtime) =>
        $"{system}{(runtime.Contains("musl", StringComparison.Ordinal) ? "-musl" : "")}-{architecture}".ToLowerInvariant();
}
