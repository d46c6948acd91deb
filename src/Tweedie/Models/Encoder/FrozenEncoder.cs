using Tweedie.Images;
using Tweedie.Storage;

namespace Tweedie.Models;

/// <summary>The frozen encoder of a model: its files lie in the model's folder, and its fingerprint is that of the training.</summary>
internal static class FrozenEncoder
{
    /// <summary>Fills in what a model's options leave to the frozen encoder: its features, and how images become its input.</summary>
    /// <param name="model">The options of a training.</param>
    /// <returns>The options, complete, and the encoder; null where the options name none.</returns>
    /// <exception cref="TweedieException">The encoder cannot be used.</exception>
    public static (TOptions Model, IFeatureExtractor? Extractor) Open<TOptions>(TOptions model) where TOptions : TokenModelOptions
    {
        if (model.Frozen is not { } frozen)
            return (model, null);
        var complete = frozen with { Onnx = Path.GetFullPath(frozen.Onnx), Preprocess = frozen.Preprocess ?? PreprocessOptions.Beside(frozen.Onnx) };
        var extractor = complete.Open();
        var normalization = complete.Preprocess.Normalization();
        return (model with
        {
            Frozen = complete,
            Features = new() { Tokens = extractor.Tokens, Width = extractor.Width, Fingerprint = extractor.Fingerprint },
            CropRatio = complete.Preprocess.CropRatio,
            Fit = complete.Preprocess.Fit,
            Interpolation = complete.Preprocess.Interpolation,
            Mean = [.. normalization.Mean.Select(value => (double)value)],
            Std = [.. normalization.Std.Select(value => (double)value)],
        }, extractor);
    }

    /// <summary>Opens the encoder of a model folder; null where the model has none.</summary>
    /// <param name="folder">The folder, for messages.</param>
    /// <param name="model">The options (<see cref="Locate"/>).</param>
    /// <exception cref="TweedieException">Its file is missing or cannot be used, or it is another encoder than the training's.</exception>
    public static IFeatureExtractor? Open(string folder, TokenModelOptions model)
    {
        if (model is not { Frozen: { } frozen, Features: { } features })
            return null;
        var extractor = frozen.Open();
        if (extractor.Fingerprint == features.Fingerprint)
            return extractor;
        extractor.Dispose();
        throw new TweedieException($"{extractor.Name}: is not the encoder that the model {folder} was trained with, and would give it nonsense; put the model's own encoder there.", FaultKind.Model);
    }

    /// <summary>A stored model's options, with the place of the encoder's files in its folder.</summary>
    public static TOptions Locate<TOptions>(string folder, TOptions model) where TOptions : TokenModelOptions =>
        model.Frozen is not { } frozen ? model : model with { Frozen = frozen with { Onnx = Path.Combine(Path.GetFullPath(ModelFolder.Find(folder)), frozen.Onnx) } };

    /// <summary>
    /// Copies the encoder's files into a model folder, where they are not there already. The models of one training share the files by hard links: each folder
    /// is whole by itself.
    /// </summary>
    /// <returns>The options to save, which name the copies.</returns>
    /// <exception cref="TweedieException">A file cannot be copied.</exception>
    public static TOptions Copy<TOptions>(string folder, TOptions model) where TOptions : TokenModelOptions
    {
        if (model.Frozen is not { } given)
            return model;
        var frozen = given with { Onnx = Path.GetFullPath(given.Onnx) };
        foreach (var file in frozen.Files())
        {
            var name = Path.GetRelativePath(Path.GetDirectoryName(frozen.Onnx)!, file);
            var (target, hash) = (Path.Combine(folder, name), Checksums.OfFile(file)); // a file that cannot be read is named here
            Folder.Create(Path.GetDirectoryName(Path.GetFullPath(target))!);
            if (Has(target, hash) || (InTraining(folder, name, hash) is { } same && HardLink.TryCreate(same, target)))
                continue;
            using var source = File.OpenRead(file);
            AtomicFile.Write(target, source.CopyTo);
        }
        return model with { Frozen = frozen with { Onnx = Path.GetFileName(frozen.Onnx) } };
    }

    // The same file in the folder of another model of the training to whose folder this one belongs. Other folders are not linked with: their owner may write
    // into their files.
    private static string? InTraining(string folder, string name, string hash) =>
        Path.GetDirectoryName(Path.GetFullPath(folder)) is not { } run || !File.Exists(Path.Combine(run, ModelPlace.RunConfig)) ? null
            : Directory.GetDirectories(run).Select(model => Path.Combine(model, name)).FirstOrDefault(file => Has(file, hash));

    private static bool Has(string file, string hash) => File.Exists(file) && Checksums.OfFile(file) == hash;
}
