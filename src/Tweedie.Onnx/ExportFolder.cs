using Tweedie.Configuration;
using Tweedie.Models;
using Tweedie.Storage;

namespace Tweedie.Onnx;

/// <summary>Writes the folder of an exported model as a whole, with its description and the hashes of its files.</summary>
internal static class ExportFolder
{
    /// <summary>Writes the folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="write">Writes the files into a folder and returns their description.</param>
    /// <exception cref="TweedieException">The folder holds something other than an exported model, or cannot be written.</exception>
    public static OnnxModelOptions Write(string folder, Func<string, OnnxModelOptions> write)
    {
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any() && !File.Exists(Path.Combine(folder, OnnxNames.Description))))
            throw new TweedieException($"{folder}: holds something other than an exported model; choose another folder.");
        OnnxModelOptions? written = null;
        AtomicFolder.Write(folder, target =>
        {
            written = write(target) with { Files = Hashes(target) };
            AtomicFile.WriteText(Path.Combine(target, OnnxNames.Description), ConfigWriter.ToJson(written));
        });
        return written!;
    }

    // The card is for people, who may change it.
    private static Dictionary<string, string> Hashes(string folder) => Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
        .Where(file => file != Path.Combine(folder, ModelCard.FileName)).Order(StringComparer.Ordinal)
        .ToDictionary(file => Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/'), Checksums.OfFile);
}
