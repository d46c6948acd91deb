using Tweedie.Configuration;
using Tweedie.Images;
using Tweedie.Training;

namespace Tweedie.Experiments;

/// <summary>The repository's configs, built in.</summary>
internal static class BuiltInConfig
{
    /// <summary>Reads a config by the name of its file, without the ending.</summary>
    /// <param name="name">The name.</param>
    /// <param name="changes">Values to set, such as <c>training.epochs=8</c>.</param>
    public static TRun Read<TRun>(string name, params ReadOnlySpan<string> changes) where TRun : RunConfig
    {
        var file = name + ".yaml";
        using var stream = typeof(BuiltInConfig).Assembly.GetManifestResourceStream(file)
            ?? throw new InvalidOperationException($"There is no built-in config {file}.");
        using var reader = new StreamReader(stream);
        var document = ConfigDocument.Parse(reader.ReadToEnd(), file);
        document.Set("evaluation.keep=last"); // the paper's numbers are those of the last epoch
        foreach (var change in changes)
            document.Set(change);
        return (TRun)InCurrentFolder(RunConfig.From(document));
    }

    // The paths of the configs are relative to their folder, configs/; a built-in config is as if that folder were here.
    private static RunConfig InCurrentFolder(RunConfig run) => run switch
    {
        TokenRun { EncoderFrom: { } encoder } tokens => tokens with { EncoderFrom = FromHere(encoder) },
        ClassificationRun { Model.Frozen: { } frozen } labels => labels with { Model = labels.Model with { Frozen = FromHere(frozen) } },
        CaptionRun { Model.Frozen: { } frozen } captions => captions with { Model = captions.Model with { Frozen = FromHere(frozen) } },
        _ => run,
    };

    private static FrozenEncoderOptions FromHere(FrozenEncoderOptions frozen) => frozen with { Onnx = FromHere(frozen.Onnx) };

    private static string FromHere(string path) => Path.GetRelativePath(".", Path.Combine("configs", path));
}
