using System.Reflection;
using TorchSharp;
using Tweedie.Models;
using Tweedie.Platform;

namespace Tweedie.Cli.Output;

/// <summary>What a result comes from: with the settings beside it, it can be computed again.</summary>
/// <param name="Model">The model.</param>
/// <param name="Data">The data; null for single images.</param>
/// <param name="Precision">The precision of the weights.</param>
/// <param name="Device">Where it was computed.</param>
internal sealed record ResultOrigin(ResultOrigin.ModelOrigin Model, ResultOrigin.DataOrigin? Data, Precision Precision, string Device)
{
    /// <summary>A model: its folder, its kind and the SHA-256 of its weights.</summary>
    internal sealed record ModelOrigin(string Folder, string Kind, string Weights);

    /// <summary>A data set: as it was named, its full path where it is a file or folder, what was read of it, and how many images.</summary>
    internal sealed record DataOrigin(string Source, string? Path, string Name, int Images);

    /// <summary>The version of this program.</summary>
    public static string Version => typeof(ResultOrigin).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>The version of this program.</summary>
    public string Tweedie { get; } = Version;

    /// <summary>When it was computed.</summary>
    public DateTime Time { get; } = DateTime.UtcNow;

    /// <summary>The machine and its software.</summary>
    public HostInfo Host { get; } = HostInfo.Read();

    /// <summary>Describes where a result of a model folder comes from.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="precision">The precision of the weights.</param>
    /// <param name="device">Where it is computed.</param>
    /// <param name="data">The data as they were named, what was read of them, and how many images; null for single images.</param>
    public static ResultOrigin Of(string folder, Precision precision, torch.Device device, (string Source, string Name, int Images)? data = null) => new(
        new ModelOrigin(System.IO.Path.GetFullPath(folder), ModelFolder.ReadKind(folder), $"sha256:{ModelFolder.HashOf(folder)}"),
        data is { } read ? new DataOrigin(read.Source, System.IO.Path.Exists(read.Source) ? System.IO.Path.GetFullPath(read.Source) : null, read.Name, read.Images) : null,
        precision, device.ToString());
}
