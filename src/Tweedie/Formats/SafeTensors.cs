using Tweedie.Storage;
using static TorchSharp.torch;

namespace Tweedie.Formats;

/// <summary>
/// Reads and writes tensors in the safetensors format. The reader is strict and safe on hostile files: everything is checked against
/// the file's size before anything is allocated. See <see cref="SafeTensorsHeader"/> for what a valid file is.
/// </summary>
public static class SafeTensors
{
    /// <summary>Reads all tensors of a file, or of several that an index names (<c>model.safetensors.index.json</c>).</summary>
    /// <param name="path">The file or the index.</param>
    /// <param name="device">Where the tensors go; the CPU by default.</param>
    /// <returns>The tensors by name, for the caller to dispose. Bytes are read straight into their memory.</returns>
    /// <exception cref="TweedieException">The file cannot be read or is not a valid safetensors file.</exception>
    public static Dictionary<string, Tensor> Load(string path, Device? device = null)
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        if (SafeTensorsIndex.IsIndex(path))
            _ = SafeTensorsIndex.Read(path); // files that do not belong together are refused before anything is read
        Open(path, (stream, header, file) =>
        {
            foreach (var info in header.Tensors)
                tensors.Add(info.Name, ReadTensor(stream, info, file, device ?? CPU));
        });
        foreach (var tensor in tensors.Values)
            tensor.MoveToOuterDisposeScope();
        return tensors;
    }

    /// <summary>
    /// Fills a module's parameters and buffers from a file. Strict: the file must hold each of them in its shape, and nothing else.
    /// Values keep the module's device and element type; floating-point types are converted, others must agree.
    /// </summary>
    /// <param name="module">The module, with the names of its <c>state_dict()</c>.</param>
    /// <param name="path">The file.</param>
    /// <param name="prefix">What precedes the module's names in the file, such as <c>encoder.</c>; other tensors are ignored.</param>
    /// <exception cref="TweedieException">
    /// The file cannot be read, is not a valid safetensors file, or does not fit the module. The module is then unchanged, unless reading
    /// failed half-way.
    /// </exception>
    public static void LoadInto(nn.Module module, string path, string prefix = "")
    {
        using var scope = NewDisposeScope();
        LoadInto(module.state_dict(), path, prefix);
    }

    /// <summary>Fills named tensors, such as an optimiser's moments, from a file, as strictly as for a module.</summary>
    /// <param name="targets">The tensors by name.</param>
    /// <param name="path">The file.</param>
    /// <param name="prefix">What precedes the names in the file; other tensors are ignored.</param>
    /// <exception cref="TweedieException">The file cannot be read, is not a valid safetensors file, or does not fit.</exception>
    public static void LoadInto(IReadOnlyDictionary<string, Tensor> targets, string path, string prefix = "")
    {
        using var noGradient = no_grad();
        var named = targets.ToDictionary(pair => prefix + pair.Key, pair => pair.Value);
        ModuleFit.Check(named, SafeTensorsHeader.Load(path).Tensors.Where(info => info.Name.StartsWith(prefix, StringComparison.Ordinal)), path);
        Open(path, (stream, header, file) =>
        {
            foreach (var info in header.Tensors)
            {
                using var scope = NewDisposeScope();
                var tensor = ReadTensor(stream, info, file, CPU);
                if (named.TryGetValue(info.Name, out var target))
                    target.copy_(tensor);
            }
        });
    }

    /// <summary>Fills a module from a file of another program, as strictly as from one of its own.</summary>
    /// <param name="module">The module.</param>
    /// <param name="path">The file.</param>
    /// <param name="map">The file's layout.</param>
    /// <exception cref="TweedieException">The file cannot be read, is not a valid safetensors file, or does not fit.</exception>
    internal static void LoadInto(nn.Module module, string path, WeightMap map)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (targets, tensors) = (module.state_dict(), map.Apply(Load(path), path));
        ModuleFit.Check(targets, tensors.Select(pair => new SafeTensorInfo(pair.Key, pair.Value.dtype, pair.Value.shape, 0, 0)), path);
        foreach (var (name, tensor) in tensors)
            targets[name].copy_(tensor);
    }

    /// <summary>
    /// Writes tensors to a file, atomically. The file depends only on names, values and metadata: tensors are ordered by the size of
    /// their elements, largest first, so that each is aligned to it, and then by name.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">Tensors with unique names, such as a module's <c>state_dict()</c>; on any device, contiguous or not.</param>
    /// <param name="metadata">Text to store in the header's <c>__metadata__</c>.</param>
    /// <exception cref="ArgumentException">A name is given twice or reserved, or safetensors has no such element type.</exception>
    /// <exception cref="TweedieException">The file cannot be written; a file that was there before is untouched.</exception>
    public static void Save(
        string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null) =>
        Save(path, tensors, metadata, new DiskOperations());

    internal static void Save(
        string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata, IFileOperations files)
    {
        var ordered = tensors
            .OrderByDescending(pair => pair.Value.element_size())
            .ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .ToList();
        var header = SafeTensorsHeaderWriter.Write(ordered, metadata);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(header);
            foreach (var (_, tensor) in ordered)
                TensorBytes.Write(stream, tensor);
        }, files);
    }

    // One file after the other.
    private static void Open(string path, Action<Stream, SafeTensorsHeader, string> read)
    {
        foreach (var file in SafeTensorsIndex.FilesOf(path))
        {
            try
            {
                using var stream = File.OpenRead(file);
                read(stream, SafeTensorsHeader.Read(stream, file), file);
            }
            catch (Exception exception) when (exception.IsFileError())
            {
                throw FileErrors.CannotRead(file, exception);
            }
        }
    }

    private static Tensor ReadTensor(Stream stream, SafeTensorInfo info, string path, Device device)
    {
        using var scope = NewDisposeScope();
        var tensor = empty([.. info.Shape], info.Type);
        TensorBytes.Read(stream, tensor);
        if (info.Type == ScalarType.Bool && !TensorBytes.HoldBooleans(tensor))
            throw new TweedieException($"{path}: tensor '{OneLine.Of(info.Name)}': BOOL data holds bytes other than 0 and 1", FaultKind.Model);
        return tensor.to(device).MoveToOuterDisposeScope();
    }
}
