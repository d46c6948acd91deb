namespace Tweedie.Models;

/// <summary>The input of an image model, as Hugging Face's <c>preprocessor_config.json</c> describes it.</summary>
internal sealed record HuggingFacePreprocessor(IReadOnlyList<double>? ImageMean = null, IReadOnlyList<double>? ImageStd = null)
{
    public const string FileName = "preprocessor_config.json";
}
