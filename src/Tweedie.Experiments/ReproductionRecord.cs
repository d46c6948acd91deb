using Tweedie.Platform;

namespace Tweedie.Experiments;

/// <summary>What a reproduction is, in its folder's <c>reproduction.json</c>.</summary>
/// <param name="Scale">Its scale.</param>
/// <param name="Data">The folder of data sets; empty where the scale generates its own.</param>
/// <param name="Seeds">Number of seeds of the newest command.</param>
/// <param name="Commands">The commands that made it, in order.</param>
/// <param name="Hosts">The machines that worked on its cells.</param>
public sealed record ReproductionRecord(ScaleKind Scale, string Data, int Seeds, IReadOnlyList<string> Commands, IReadOnlyList<HostInfo> Hosts)
{
    /// <summary>The version of Tweedie that the newest command ran; null in records that do not have it.</summary>
    public string? Version { get; init; }

    /// <summary>Whether a folder of data sets is this one, however its path is written.</summary>
    internal bool IsOf(string data) => FullPath(data) == FullPath(Data);

    /// <summary>Adds a command to the record of a reproduction that is continued.</summary>
    /// <exception cref="TweedieException">The record is of another scale or other data.</exception>
    internal ReproductionRecord Continue(ReproductionRecord newer, string folder)
    {
        if (newer.Scale != Scale || !IsOf(newer.Data))
            throw new TweedieException($"{folder}: holds a reproduction at scale {Scale} of {(Data.Length == 0 ? "generated data" : Data)}; continue with these, or choose another --out.");
        return newer with
        {
            Data = Data, // cells are known by this spelling
            Commands = [.. Commands, .. newer.Commands],
            Hosts = Hosts,
        };
    }

    /// <summary>Adds a machine, unless the record has it.</summary>
    internal ReproductionRecord With(HostInfo host) => Hosts.Any(known => Same(known, host)) ? this : this with { Hosts = [.. Hosts, host] };

    private static string FullPath(string data) => data.Length == 0 ? "" : Path.TrimEndingDirectorySeparator(Path.GetFullPath(data));

    private static bool Same(HostInfo first, HostInfo second) =>
        first with { CudaDevices = second.CudaDevices } == second && first.CudaDevices.SequenceEqual(second.CudaDevices);
}
