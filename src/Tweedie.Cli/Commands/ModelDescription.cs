using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Networks;
using Tweedie.Sampling;
using Tweedie.Text;
using Tweedie.Tokens;
using Tweedie.Training;

namespace Tweedie.Cli.Commands;

/// <summary>The facts that <c>tweedie info</c> prints about a model, whatever its task.</summary>
/// <param name="Title">One line.</param>
/// <param name="Method">The method's name.</param>
/// <param name="Classes">K, classes or vocabulary entries.</param>
/// <param name="Parts">What the parts cost.</param>
/// <param name="Diffusion">The diffusion process; null where the method has none.</param>
internal sealed record ModelDescription(string Title, string Method, int Classes, IReadOnlyList<PartCost> Parts, DiffusionOptions? Diffusion)
{
    public static ModelDescription OfFolder(string folder) => ModelFolder.ReadKind(folder) switch
    {
        ModelFolder.Captioner => Of(ImageCaptioner.ReadOptions(folder), "captioner", Tokenizers.Load(ModelFolder.Find(folder)).VocabularySize),
        ModelFolder.TextGenerator => Of(TextGenerator.ReadOptions(folder), "text generator", Tokenizers.Load(ModelFolder.Find(folder)).VocabularySize),
        ModelFolder.RowGenerator => Of(RowGenerator.ReadOptions(folder), "row generator", TokenColumns.Load(ModelFolder.Find(folder)).VocabularySize),
        ModelFolder.Annotator => Of(ImageAnnotator.ReadOptions(folder), "annotator", TokenColumns.Load(ModelFolder.Find(folder)).VocabularySize),
        ModelFolder.Encoder => Of(ImageEncoder.ReadOptions(folder)),
        ModelFolder.Clip => Of(ClipModel.ReadOptions(folder).Network),
        ModelFolder.Classifier => Of(ImageClassifier.ReadOptions(folder)),
        var kind => throw new TweedieException($"{folder} holds a model of kind {kind}, which info does not know.", FaultKind.Model),
    };

    /// <summary>Describes a config's model. A config does not hold the classes or the vocabulary: they are given, or come from the data if the data exist.</summary>
    public static ModelDescription OfConfig(RunConfig config, int? classes) => config switch
    {
        ClassificationRun run => Of(run.Model with { ClassNames = ClassNames(run, classes) }),
        CaptionRun run => Of(run.Model, "captioner", classes ?? run.Tokenizer.Create(CaptionSources.Open(run.Data.Train, DataSplit.Train, run.Data.Opening())).VocabularySize),
        ClipRun run => Of(WithVocabulary(run, classes)),
        AnnotationRun run => OfAnnotator(run, classes),
        TextRun run => Of(run.Model, "text generator", classes ?? Unknown("vocabulary entries")),
        TokensRun run => Of(run.Model with { Tokens = TokenTables.Open(run.Data.Train).Length }, "row generator", classes ?? TokenTables.Open(run.Data.Train).VocabularySize),
        _ => throw new TweedieException($"task = {config.Task}: info does not know this task."),
    };

    private static ModelDescription Of(ClassifierOptions options)
    {
        var (method, classes) = (options.Method.ToString().ToLowerInvariant(), options.ClassNames.Count);
        return new($"{method} classifier, {classes} classes, {Images(options.Encoder)}", method, classes, ModelCost.Of(options),
            options.Method == TokenMethod.Tdd ? options.Diffusion : null);
    }

    private static ModelDescription OfAnnotator(AnnotationRun run, int? classes)
    {
        var columns = AnnotatedSources.Open(run.Data.Train, DataSplit.Train, run.Data.Opening(run.Model.Input.Channels), run.Columns).Columns;
        return Of(run.Model with { Tokens = columns.Count }, "annotator", classes ?? columns.VocabularySize);
    }

    private static ModelDescription Of(TokenModelOptions options, string kind, int vocabulary)
    {
        var method = options.Method.ToString().ToLowerInvariant();
        return new($"{method} {kind}, {options.Length} tokens among {vocabulary}, {Images(options.Encoder)}", method, vocabulary,
            ModelCost.Of(options, vocabulary), options.Method == TokenMethod.Tdd ? options.Diffusion : null);
    }

    private static ModelDescription Of(GeneratorOptions options, string kind, int vocabulary)
    {
        var method = options.Method.ToString().ToLowerInvariant();
        return new($"{method} {kind}, {options.Length} tokens among {vocabulary}", method, vocabulary, ModelCost.Of(options, vocabulary), options.Method == TokenMethod.Tdd ? options.Diffusion : null);
    }

    private static ModelDescription Of(ImageEncoderOptions options) =>
        new($"encoder, {Images(options.Encoder)}", "encoder", 0, [ModelCost.Encoder(options.Encoder)], null);

    private static ModelDescription Of(ClipOptions options)
    {
        var (image, vocabulary) = (options.Image, options.Text.VocabularySize);
        return new($"CLIP, {options.Text.Length} tokens among {vocabulary}, images 3x{image.ImageSize}x{image.ImageSize}", "clip", vocabulary, ModelCost.Of(options), null);
    }

    private static int Unknown(string what) => throw new UsageException($"Give --classes: the number of {what} is known once the text has been read.");

    private static ClipOptions WithVocabulary(ClipRun run, int? entries)
    {
        var vocabulary = entries ?? run.Tokenizer.Create(CaptionSources.Open(run.Data.Train, DataSplit.Train, run.Data.Opening())).VocabularySize;
        return run.Model.Network with { Text = run.Model.Network.Text with { VocabularySize = vocabulary } };
    }

    private static IReadOnlyList<string> ClassNames(ClassificationRun run, int? classes)
    {
        if (classes is { } count)
            return [.. Enumerable.Range(0, count).Select(label => $"{label}")];
        return run.Model.ClassNames.Count > 0 ? run.Model.ClassNames
            : ImageSources.Open(run.Data.Train, DataSplit.Train, run.Data.Opening(run.Model.Encoder.Channels)).ClassNames;
    }

    private static string Images(VisionTransformerOptions encoder) => $"images {encoder.Channels}x{encoder.ImageSize}x{encoder.ImageSize}";
}
