namespace Tweedie.Models;

/// <summary>What Hugging Face's <c>preprocessor_config.json</c> says of an image model's input.</summary>
internal sealed record HuggingFacePreprocessor(IReadOnlyList<double>? ImageMean = null, IReadOnlyList<double>? ImageStd = null)
{
    public const string FileName = "preprocessor_config.json";
}
