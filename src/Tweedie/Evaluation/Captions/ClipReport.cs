using Tweedie.Images;
using Tweedie.Models;
using static TorchSharp.torch;

namespace Tweedie.Evaluation.Captions;

/// <summary>The CLIP score of generated captions, beside that of shuffled captions and that of human captions.</summary>
/// <param name="Captions">Each image with its generated caption.</param>
/// <param name="Shuffled">Each image with the generated caption of another; null where there is only one.</param>
/// <param name="References">Each image with the first of its human captions.</param>
/// <param name="Cut">The number of generated and human captions that are longer than the model's text tower; it read only their beginning.</param>
public sealed record ClipReport(ClipScore Captions, ClipScore? Shuffled, ClipScore References, int Cut)
{
    /// <summary>Scores captions; each image is read and encoded once.</summary>
    /// <param name="model">The CLIP.</param>
    /// <param name="captions">The captions and their images.</param>
    /// <param name="folder">Where the images' files are.</param>
    /// <param name="prompt">What precedes each caption; CLIP-S has "A photo depicts ".</param>
    /// <param name="cancellation">Checked before each batch.</param>
    /// <exception cref="TweedieException">An image file is missing or cannot be read.</exception>
    public static ClipReport Create(
        ClipModel model, MatchedCaptions captions, string folder, string prompt = "", CancellationToken cancellation = default)
    {
        var pairs = captions.Pairs;
        var files = pairs.Select(pair => Path.Combine(folder, pair.Image.FileName)).ToList();
        var missing = files.Where(file => !File.Exists(file)).ToList();
        if (missing.Count > 0)
            throw new TweedieException($"{folder}: {missing.Count} of {files.Count} images are missing, such as {Path.GetFileName(missing[0])}.");
        using var scope = NewDisposeScope();
        var images = model.EncodeImages(files.Select(file => ImageDecoder.DecodeFile(file)), cancellation);
        var (generated, human) = (pairs.Select(pair => prompt + pair.Caption).ToList(), pairs.Select(pair => prompt + pair.Image.Captions[0]).ToList());
        var texts = model.EncodeTexts(generated, cancellation);
        var shuffled = pairs.Count == 1 ? null : ClipScore.Of(images, texts.roll(1, 0));
        return new(ClipScore.Of(images, texts), shuffled, ClipScore.Of(images, model.EncodeTexts(human, cancellation)),
            generated.Concat(human).Count(model.IsTooLong));
    }
}
