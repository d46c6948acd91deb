using Tweedie.Data;
using static TorchSharp.torch;

namespace Tweedie.Models;

/// <summary>Decoded images as a network's input.</summary>
internal static class ImageInput
{
    /// <summary>Images to (B, C, size, size): the shorter side resized, the centre cut out, normalised.</summary>
    public static Tensor Prepare(IReadOnlyList<RasterImage> images, int size, Normalization normalization, double cropRatio)
    {
        var resize = new ResizeCrop(size, cropRatio);
        var length = normalization.Channels * size * size;
        var values = new float[images.Count * length];
        for (var i = 0; i < images.Count; i++)
            normalization.Apply(resize.Apply(images[i], new SampleRandom(0)), values.AsSpan(i * length, length));
        return tensor(values, [images.Count, normalization.Channels, size, size]);
    }
}
