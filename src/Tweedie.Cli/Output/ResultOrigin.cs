using System.Reflection;
using TorchSharp;
using Tweedie.Models;
using Tweedie.Platform;

namespace Tweedie.Cli.Output;

/// <summary>What a result comes from: with the settings beside it, it can be computed again.</summary>
/// <param name="Model">The model; null where none took part, and where several did, which are described one by one.</param>
/// <param name="Data">The data; null for single images and for captions of a file.</param>
/// <param name="Precision">The precision of the weights; null where no model took part.</param>
/// <param name="Device">Where it was computed; null where no model took part.</param>
internal sealed record ResultOrigin(ResultOrigin.ModelOrigin? Model, ResultOrigin.DataOrigin? Data, Precision? Precision, string? Device)
{
    /// <summary>The version of this program.</summary>
    public string Tweedie { get; } = typeof(ResultOrigin).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>When it was computed.</summary>
    public DateTime Time { get; } = DateTime.UtcNow;

    /// <summary>The machine and its software.</summary>
    public HostInfo Host { get; } = HostInfo.Read();

    /// <summary>Describes where a result of a model comes from.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="precision">The precision of the weights.</param>
    /// <param name="device">Where it is computed.</param>
    /// <param name="data">The data; null for single images.</param>
    public static ResultOrigin Of(string folder, Precision precision, torch.Device device, DataOrigin? data = null) =>
        new(ModelOrigin.Of(folder), data, precision, device.ToString());

    /// <summary>A model.</summary>
    /// <param name="Folder">Its folder's full path.</param>
    /// <param name="Kind">Its kind.</param>
    /// <param name="Weights">The hash of its weights.</param>
    internal sealed record ModelOrigin(string Folder, string Kind, string Weights)
    {
        /// <summary>Describes the model of a folder whose config names its kind.</summary>
        public static ModelOrigin Of(string folder) => Of(folder, ModelFolder.ReadKind(folder), ModelFolder.HashOf(folder));

        /// <summary>Describes a model from its folder, its kind and the SHA-256 of its weights, hexadecimal.</summary>
        public static ModelOrigin Of(string folder, string kind, string hash) => new(Path.GetFullPath(folder), kind, $"sha256:{hash}");
    }

    /// <summary>A data set.</summary>
    /// <param name="Source">What it was called on the command line.</param>
    /// <param name="Path">Its full path where it is a file or a folder.</param>
    /// <param name="Name">What was read of it.</param>
    /// <param name="Images">Number of images; null for texts and rows.</param>
    /// <param name="Split">The split that was asked for; null where none was.</param>
    internal sealed record DataOrigin(string Source, string? Path, string Name, int? Images, DataSplit? Split = null)
    {
        /// <summary>Describes data as they were named, what was read of them, and how many images.</summary>
        public static DataOrigin Of(string source, string name, int? images, DataSplit? split = null) =>
            new(source, System.IO.Path.Exists(source) ? System.IO.Path.GetFullPath(source) : null, name, images, split);
    }
}
