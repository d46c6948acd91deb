using Tweedie.Images;

namespace Tweedie.Onnx;

/// <summary>Turns decoded images into the input of a network: resized, cut out and normalised.</summary>
/// <param name="transform">Brings an image to the size.</param>
/// <param name="normalization">Turns pixels into numbers.</param>
/// <param name="shape">The shape of the input of one image.</param>
internal sealed class ImageInput(IImageTransform transform, Normalization normalization, ImageShape shape)
{
    /// <summary>The input that an exported model describes.</summary>
    public ImageInput(OnnxImageInput input) : this(new ResizeCrop(input.Size, input.CropRatio, input.Fit, input.Interpolation),
        new Normalization([.. input.Mean.Select(value => (float)value)], [.. input.Std.Select(value => (float)value)]), new(input.Channels, input.Size, input.Size))
    { }

    /// <summary>The input that a frozen encoder takes.</summary>
    public ImageInput(OnnxEncoder encoder) : this(encoder.Transform, encoder.Normalization, encoder.Input) { }

    /// <summary>The shape of the input of one image.</summary>
    public ImageShape Shape => shape;

    /// <summary>Decoded images to (B, C, H, W), one after the other.</summary>
    public float[] Prepare(IReadOnlyList<RasterImage> images)
    {
        var values = new float[images.Count * shape.Length];
        for (var i = 0; i < images.Count; i++)
            normalization.Apply(transform.Apply(images[i], new SampleRandom(0)), values.AsSpan(i * shape.Length, shape.Length));
        return values;
    }
}
