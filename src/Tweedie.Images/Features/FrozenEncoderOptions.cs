using System.ComponentModel.DataAnnotations;
using Tweedie.Configuration;

namespace Tweedie.Images;

/// <summary>A frozen image encoder from a file: its features are the condition of a model, and nothing trains it.</summary>
public sealed record FrozenEncoderOptions
{
    /// <summary>The ONNX file. Its only input is a batch of images, (B, 3, H, W).</summary>
    [Required, ConfigPath]
    public string Onnx { get; init; } = "";

    /// <summary>
    /// The name of the tensor that is the features, also an inner one: (B, d) pooled, (B, M, d) tokens, or (B, d, h, w) a feature map with M = h·w. By default the
    /// file's only output.
    /// </summary>
    public string? Output { get; init; }

    /// <summary>How images become its input; by default as <c>preprocessing.yaml</c> or Hugging Face's <c>preprocessor_config.json</c> beside the file says.</summary>
    public PreprocessOptions? Preprocess { get; init; }

    /// <summary>
    /// The files that the encoder consists of: the ONNX file, the one that is run before it, where <see cref="Preprocess"/> names one, and the files that hold
    /// weights of these two. All lie in the folder of the ONNX file, or below.
    /// </summary>
    /// <exception cref="TweedieException">An ONNX file cannot be read, or names a file outside its folder.</exception>
    public IReadOnlyList<string> Files()
    {
        var folder = Path.GetDirectoryName(Onnx) ?? "";
        string[] models = Preprocess?.First is { } first ? [Onnx, Path.Combine(folder, first)] : [Onnx];
        return [.. models, .. models.SelectMany(OnnxExternalData.Of).Distinct().Order(StringComparer.Ordinal).Select(location => Path.Combine(folder, location))];
    }

    /// <summary>Opens the encoder.</summary>
    /// <exception cref="TweedieException">No encoders of such files are registered, or the file cannot be used.</exception>
    public IFeatureExtractor Open() => FeatureExtractors.Open(this);
}
