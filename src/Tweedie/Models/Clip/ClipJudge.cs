using Tweedie.Images;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Tweedie.Models;

/// <summary>
/// Scores captions by a CLIP: the cosine between the vectors of a caption and its image. Each image is encoded once. It should be another CLIP than the one that
/// the captions are measured by.
/// </summary>
public sealed class ClipJudge : ICandidateJudge
{
    private readonly ClipModel _clip;
    private readonly ImageCaptioner _captioner;
    private readonly Func<int, RasterImage> _image;
    private readonly Dictionary<int, float[]> _vectors = [];

    /// <summary>Makes a judge.</summary>
    /// <param name="clip">The CLIP. The caller disposes of it.</param>
    /// <param name="captioner">Makes sentences of rows.</param>
    /// <param name="image">Gives the image of an item.</param>
    public ClipJudge(ClipModel clip, ImageCaptioner captioner, Func<int, RasterImage> image)
    {
        ArgumentNullException.ThrowIfNull(clip);
        ArgumentNullException.ThrowIfNull(captioner);
        ArgumentNullException.ThrowIfNull(image);
        (_clip, _captioner, _image) = (clip, captioner, image);
    }

    /// <inheritdoc/>
    /// <exception cref="TweedieException">An image cannot be read.</exception>
    public IReadOnlyList<double> Score(IReadOnlyList<int> items, Tensor rows)
    {
        ArgumentNullException.ThrowIfNull(items);
        int[] missing = [.. items.Where(item => !_vectors.ContainsKey(item)).Distinct()];
        foreach (var (item, vector) in missing.Zip(_clip.EmbedImages(missing.Select(_image))))
            _vectors.Add(item, vector);
        return [.. items.Zip(_clip.EmbedTexts(_captioner.Sentences(rows)), (item, text) => (double)TensorPrimitives.Dot(_vectors[item], text))];
    }
}
