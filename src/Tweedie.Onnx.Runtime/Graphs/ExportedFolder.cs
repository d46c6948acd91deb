using Tweedie.Configuration;
using Tweedie.Storage;
using Tweedie.Text;

namespace Tweedie.Onnx;

/// <summary>The folder of an exported model.</summary>
/// <param name="path">The folder.</param>
/// <param name="description">What <c>model.json</c> says.</param>
internal sealed class ExportedFolder(string path, OnnxModelOptions description)
{
    /// <summary>What <c>model.json</c> says.</summary>
    public OnnxModelOptions Description => description;

    /// <summary>The folder.</summary>
    public string Path => path;

    /// <summary>Reads a folder's description and compares its files with the hashes in it.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="kinds">The kinds of models that are wanted.</param>
    /// <exception cref="TweedieException">The folder holds no exported model or one of another kind, or a file is missing or damaged.</exception>
    public static ExportedFolder Open(string path, params OnnxModelKind[] kinds)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = System.IO.Path.Combine(path, OnnxNames.Description);
        if (!File.Exists(file))
            throw new TweedieException($"{path}: holds no exported model, which has a file {OnnxNames.Description}; export one with 'tweedie export'.", FaultKind.Model);
        var description = Fault.Of(FaultKind.Model, () => ConfigDocument.Load(file).Bind<OnnxModelOptions>());
        if (!kinds.Contains(description.Kind))
            throw new TweedieException($"{path}: holds a model of kind {Name(description.Kind)}; give a {string.Join(" or a ", kinds.Select(Name))}.", FaultKind.Model);
        foreach (var (name, hash) in description.Files)
        {
            if (System.IO.Path.IsPathRooted(name) || name.Split('/', '\\').Contains(".."))
                throw new TweedieException($"{file}: names {OneLine.Of(name)}, which is not in its folder; export the model again.", FaultKind.Model);
            var whole = System.IO.Path.Combine(path, name);
            if (!File.Exists(whole))
                throw new TweedieException($"{whole}: is missing, and {OnnxNames.Description} names it; export the model again.", FaultKind.Model);
            if (Checksums.OfFile(whole) != hash)
                throw new TweedieException($"{whole}: is not as it was exported; export the model again.", FaultKind.Model);
        }
        return new(path, description);
    }

    /// <summary>The tokenizer of the model.</summary>
    /// <exception cref="TweedieException">A file of it is missing or damaged, or it has another vocabulary than the model.</exception>
    public ITokenizer Tokenizer()
    {
        var tokenizer = Fault.Of(FaultKind.Model, () => Tokenizers.Load(path));
        return tokenizer.VocabularySize == description.Classes ? tokenizer
            : throw new TweedieException($"{path}: the tokenizer has {tokenizer.VocabularySize} entries, and the model {description.Classes}; export the model again.", FaultKind.Model);
    }

    /// <summary>Opens a graph of the model.</summary>
    /// <exception cref="TweedieException">The model has no such graph, or it cannot be run.</exception>
    public OnnxGraph Graph(string name, int threads) => description.Files.ContainsKey(name) ? new(System.IO.Path.Combine(path, name), threads)
        : throw new TweedieException($"{System.IO.Path.Combine(path, OnnxNames.Description)}: names no {name}, which a model of kind {Name(description.Kind)} has; export the model again.", FaultKind.Model);

    private static string Name(OnnxModelKind kind) => $"{char.ToLowerInvariant($"{kind}"[0])}{$"{kind}"[1..]}";
}
