using System.ComponentModel.DataAnnotations;
using Tweedie.Images;
using static TorchSharp.torch;

namespace Tweedie.Models;

/// <summary>How images become the input of a network. Every model of images has these options.</summary>
public abstract record ImageInputOptions
{
    /// <summary>Mean of each channel of the input in 0..1.</summary>
    public IReadOnlyList<double> Mean { get; init; } = [];

    /// <summary>Standard deviation of each channel of the input in 0..1.</summary>
    public IReadOnlyList<double> Std { get; init; } = [];

    /// <summary>
    /// The share of the shorter side that evaluation and use keep (<see cref="ResizeCrop"/>): 1 keeps all; 0.875 resizes to 256 before a centre crop of 224.
    /// </summary>
    [Range(0.1, 1)]
    public double CropRatio { get; init; } = 1;

    /// <summary>How an image of other proportions becomes a square in evaluation and use.</summary>
    public ImageFit Fit { get; init; } = ImageFit.ShorterSide;

    /// <summary>How evaluation and use resize images.</summary>
    public Interpolation Interpolation { get; init; } = Interpolation.Bicubic;

    /// <summary>Height, width and channels of the network's input.</summary>
    public abstract ImageShape Input { get; }

    /// <summary>The normalisation of the network's input.</summary>
    public Normalization Normalization() => new([.. Mean.Select(value => (float)value)], [.. Std.Select(value => (float)value)]);

    /// <summary>The transform of an image before it is normalised: it is resized and the centre is cut out.</summary>
    public IImageTransform Transform() => new ResizeCrop(Input.Height, CropRatio, Fit, Interpolation);

    /// <summary>Decoded images to (B, C, H, W): resized, cropped and normalised.</summary>
    public Tensor Prepare(IReadOnlyList<RasterImage> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        var (resize, normalization) = (Transform(), Normalization());
        var values = new float[images.Count * Input.Length];
        for (var i = 0; i < images.Count; i++)
            normalization.Apply(resize.Apply(images[i], new SampleRandom(0)), values.AsSpan(i * Input.Length, Input.Length));
        return tensor(values, [images.Count, Input.Channels, Input.Height, Input.Width]);
    }

    /// <summary>What is wrong with the options of a stored model, beyond each single value; null where they are right.</summary>
    internal virtual string? Unusable() => CheckNormalization().Any()
        ? $"mean = [{string.Join(", ", Mean)}] and std = [{string.Join(", ", Std)}]; give one number for each of channels = {Input.Channels}, std positive."
        : null;

    /// <summary>What is wrong with mean and std; nothing where they fit the channels.</summary>
    internal IEnumerable<ValidationResult> CheckNormalization()
    {
        if (Mean.Count != Input.Channels)
            yield return new ValidationResult($"must have one number for each of the {Input.Channels} channels", [nameof(Mean)]);
        if (Std.Count != Input.Channels || Std.Any(value => value <= 0))
            yield return new ValidationResult($"must have one positive number for each of the {Input.Channels} channels", [nameof(Std)]);
    }
}
