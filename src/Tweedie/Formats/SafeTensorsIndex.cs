using System.Security.Cryptography;
using System.Text;
using Tweedie.Storage;

namespace Tweedie.Formats;

/// <summary>
/// Tensors in several safetensors files and the index that names the file of each (<c>model.safetensors.index.json</c>, as Hugging Face writes it). They are
/// read as one set.
/// </summary>
internal static class SafeTensorsIndex
{
    private const string Ending = ".index.json";

    private sealed record Content(IReadOnlyDictionary<string, string> WeightMap);

    /// <summary>Whether the path is that of an index.</summary>
    public static bool IsIndex(string path) => path.EndsWith(Ending, StringComparison.OrdinalIgnoreCase);

    /// <summary>The weights of a folder: the file of a name, or its index where there is no such file but an index.</summary>
    public static string WeightsOf(string folder, string name)
    {
        var file = Path.Combine(folder, name);
        return !File.Exists(file) && File.Exists(file + Ending) ? file + Ending : file;
    }

    /// <summary>The files of a path: itself, or those that the index names, in the order of their names.</summary>
    /// <exception cref="TweedieException">The index cannot be read, or names a file in another folder or one that is missing.</exception>
    public static IReadOnlyList<string> FilesOf(string path) => IsIndex(path) ? [.. Map(path).Values.Distinct().Order(StringComparer.Ordinal).Select(name => FileOf(path, name))] : [path];

    /// <summary>The SHA-256 of the weights in hexadecimal: that of the file, or, of several, that of their hashes, one per line.</summary>
    /// <exception cref="TweedieException">A file is missing or cannot be read.</exception>
    public static string HashOf(string path) => FilesOf(path) is [var file] ? Checksums.OfFile(file)
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Concat(FilesOf(path).Select(part => Checksums.OfFile(part) + "\n")))));

    /// <summary>The tensors of all files.</summary>
    /// <exception cref="TweedieException">A file cannot be read, a tensor is in two files, or the index names one that its file does not hold.</exception>
    public static IReadOnlyList<SafeTensorInfo> Read(string index)
    {
        var tensors = new List<SafeTensorInfo>();
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in FilesOf(index))
            foreach (var tensor in SafeTensorsHeader.LoadFile(file).Tensors)
            {
                if (!files.TryAdd(tensor.Name, Path.GetFileName(file)))
                    throw new TweedieException($"{index}: tensor '{OneLine.Of(tensor.Name)}' is in {files[tensor.Name]} and in {Path.GetFileName(file)}; fetch the files of one model again.", FaultKind.Model);
                tensors.Add(tensor);
            }
        foreach (var (name, file) in Map(index))
            if (files.GetValueOrDefault(name) != file)
                throw new TweedieException($"{index}: names tensor '{OneLine.Of(name)}' in {OneLine.Of(file)}, which does not hold it; fetch the files of one model again.", FaultKind.Model);
        return tensors;
    }

    private static IReadOnlyDictionary<string, string> Map(string index)
    {
        var map = Fault.Of(FaultKind.Model, () => JsonFile.Read<Content>(index)).WeightMap;
        return map.Count > 0 ? map : throw new TweedieException($"{index}: weight_map names no tensor; fetch the file again.", FaultKind.Model);
    }

    private static string FileOf(string index, string name)
    {
        if (name is null || name != Path.GetFileName(name))
            throw new TweedieException($"{index}: weight_map names '{OneLine.Of(name ?? "null")}': expected a file beside the index.", FaultKind.Model);
        var file = Path.Combine(Path.GetDirectoryName(index)!, name);
        return File.Exists(file) ? file : throw new TweedieException($"{file}: is missing, but {Path.GetFileName(index)} names it; fetch it.", FaultKind.Model);
    }
}
