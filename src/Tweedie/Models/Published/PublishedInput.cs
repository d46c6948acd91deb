using Tweedie.Images;

namespace Tweedie.Models;

/// <summary>How images become the input of a published model, where a file beside its weights describes it.</summary>
internal static class PublishedInput
{
    /// <summary>A model's options with the input that Hugging Face's file describes; the same options where there is no file.</summary>
    /// <typeparam name="TOptions">The options.</typeparam>
    /// <param name="folder">The folder of the file.</param>
    /// <param name="options">The options; the file must describe input of their size.</param>
    /// <param name="usual">The kind of processor where the file does not say it.</param>
    /// <exception cref="TweedieException">The file is damaged, or asks for what our models do not do; the message names the key.</exception>
    public static TOptions Apply<TOptions>(string folder, TOptions options, ImageProcessorConfig.Family usual) where TOptions : ImageInputOptions
    {
        var path = Path.Combine(folder, ImageProcessorConfig.FileName);
        if (!File.Exists(path))
            return options;
        var input = ImageProcessorConfig.Read(path, options.Input.Height, usual);
        return options with { Mean = input.Mean, Std = input.Std, Fit = input.Fit, CropRatio = input.CropRatio, Interpolation = input.Interpolation };
    }
}
