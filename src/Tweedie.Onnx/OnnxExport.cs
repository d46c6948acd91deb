using Tweedie.Configuration;
using Tweedie.Models;
using Tweedie.Storage;

namespace Tweedie.Onnx;

/// <summary>
/// Writes models as ONNX graphs, which run without libtorch, with a description beside them (<see cref="OnnxModelOptions"/>). docs/onnx.md says what the graphs
/// take and give.
/// </summary>
public static class OnnxExport
{
    /// <summary>Exports the model of a folder.</summary>
    /// <param name="model">The folder of a model or a training, or a checkpoint.</param>
    /// <param name="folder">The folder to write. Where it exists, it is empty or holds an exported model, which is replaced.</param>
    /// <param name="options">How it is exported.</param>
    /// <returns>The description of the exported model.</returns>
    /// <exception cref="TweedieException">
    /// The model cannot be loaded, has a part that no graph expresses, or an option is out of range; the folder holds something else, or cannot be written.
    /// </exception>
    public static OnnxModelOptions Export(string model, string folder, OnnxExportOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(model);
        if (ClipModel.IsPublished(model))
        {
            using var published = ClipModel.Load(model);
            return Export(published, folder, options);
        }
        var kind = ModelFolder.ReadKind(model);
        var export = (options ?? new()) with { Weights = ModelFolder.HashOf(model), Card = ModelCard.Read(model) };
        switch (kind)
        {
            case ModelFolder.Classifier:
                using (var classifier = ImageClassifier.Load(model))
                    return Export(classifier, folder, export);
            case ModelFolder.Captioner:
                using (var captioner = ImageCaptioner.Load(model))
                    return Export(captioner, folder, export);
            case ModelFolder.TextGenerator:
                using (var generator = TextGenerator.Load(model))
                    return Export(generator, folder, export);
            case ModelFolder.RowGenerator:
                using (var generator = RowGenerator.Load(model))
                    return Export(generator, folder, export);
            case ModelFolder.Annotator:
                using (var annotator = ImageAnnotator.Load(model))
                    return Export(annotator, folder, export);
            case ModelFolder.Clip:
                using (var clip = ClipModel.Load(model))
                    return Export(clip, folder, export);
            default:
                throw new TweedieException($"{model}: holds a model of kind {OneLine.Of(kind)}, which has no export; classifiers, captioners, annotators, generators and CLIPs have one.", FaultKind.Model);
        }
    }

    /// <summary>Exports a classifier, with its calibration.</summary>
    /// <inheritdoc cref="Export(string, string, OnnxExportOptions?)"/>
    public static OnnxModelOptions Export(ImageClassifier model, string folder, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Write(folder, options, (target, export) => new TokenExport(model.Model, model.Options, export).Write(target, new()
        {
            Kind = OnnxModelKind.Classifier,
            Classes = model.Options.ClassNames.Count,
            ClassNames = model.Options.ClassNames,
            Calibration = model.Calibration,
        }));
    }

    /// <summary>Exports a captioner, with its tokenizer.</summary>
    /// <inheritdoc cref="Export(string, string, OnnxExportOptions?)"/>
    public static OnnxModelOptions Export(ImageCaptioner model, string folder, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Write(folder, options, (target, export) => new TokenExport(model.Model, model.Options, export).Write(target,
            new() { Kind = OnnxModelKind.Captioner, Classes = model.Tokenizer.VocabularySize }, model.Tokenizer.Save));
    }

    /// <summary>Exports an annotator, with its columns.</summary>
    /// <inheritdoc cref="Export(string, string, OnnxExportOptions?)"/>
    public static OnnxModelOptions Export(ImageAnnotator model, string folder, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Write(folder, options, (target, export) => new TokenExport(model.Model, model.Options, export).Write(target,
            new() { Kind = OnnxModelKind.Annotator, Classes = model.Columns.VocabularySize }, model.Columns.Save));
    }

    /// <summary>Exports a text generator, with its tokenizer.</summary>
    /// <inheritdoc cref="Export(string, string, OnnxExportOptions?)"/>
    public static OnnxModelOptions Export(TextGenerator model, string folder, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Write(folder, options, (target, export) => new TokenExport(model.Model, model.Options, export).Write(target,
            new() { Kind = OnnxModelKind.TextGenerator, Classes = model.Tokenizer.VocabularySize }, model.Tokenizer.Save));
    }

    /// <summary>Exports a generator of rows, with its columns.</summary>
    /// <inheritdoc cref="Export(string, string, OnnxExportOptions?)"/>
    public static OnnxModelOptions Export(RowGenerator model, string folder, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Write(folder, options, (target, export) => new TokenExport(model.Model, model.Options, export).Write(target,
            new() { Kind = OnnxModelKind.RowGenerator, Classes = model.Columns.VocabularySize }, model.Columns.Save));
    }

    /// <summary>Exports the towers of a CLIP, with its tokenizer.</summary>
    /// <inheritdoc cref="Export(string, string, OnnxExportOptions?)"/>
    public static OnnxModelOptions Export(ClipModel model, string folder, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Write(folder, options, (target, export) => ClipExport.Write(model, target, export));
    }

    private static OnnxModelOptions Write(string folder, OnnxExportOptions? options, Func<string, OnnxExportOptions, OnnxModelOptions> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var export = options ?? new();
        OptionsValidator.ValidateMembers(export, "export");
        if (export is { DrawsNoise: true, Sampler: false })
            throw new TweedieException(new OptionFault(nameof(export.DrawsNoise), "true", "says where the noise of sampler.onnx comes from; ask for that graph too (Sampler), or leave it out."));
        return ExportFolder.Write(folder, target =>
        {
            var description = write(target, export with { DataLicense = export.DataLicense ?? export.Card?.Data?.License });
            AtomicFile.WriteText(Path.Combine(target, ModelCard.FileName), OnnxCard.Of(description, export.Card));
            return description;
        });
    }
}
