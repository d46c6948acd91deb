namespace Tweedie.Images;

/// <summary>
/// Applies a few operations out of fifteen, drawn with replacement, all about equally strong (Cubuk et al. 2020). Operations, strengths
/// and draws follow timm; pixels are Pillow's.
/// </summary>
public sealed class RandAugment : IImageTransform
{
    private readonly RandAugmentPolicy _policy;
    private readonly int _channels;
    private readonly IReadOnlyList<AugmentOperation> _operations;

    /// <summary>Creates the transform.</summary>
    /// <param name="policy">How many operations and how strong.</param>
    /// <param name="mean">Mean of each channel on the scale 0..1: the colour that moved images leave behind.</param>
    /// <param name="interpolation">How moved images are interpolated.</param>
    public RandAugment(RandAugmentPolicy policy, IReadOnlyList<float> mean, Interpolation interpolation = Interpolation.Bicubic)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(mean);
        (_policy, _channels) = (policy, mean.Count);
        var fill = mean.Select(value => (byte)Math.Clamp(Math.Round(255.0 * value), 0, 255));
        _operations = AugmentOperations.Create(policy.Increasing, new AffineWarp([.. fill], interpolation));
    }

    /// <inheritdoc/>
    /// <exception cref="TweedieException">The image has another number of channels than there are means.</exception>
    public RasterImage Apply(RasterImage image, SampleRandom random)
    {
        if (image.Channels != _channels)
            throw new TweedieException(
                $"The images have {image.Channels} channel(s), but the model's input has {_channels}; "
                + "set model.encoder.channels or choose other data.");
        for (var i = 0; i < _policy.Operations; i++)
        {
            var operation = _operations[random.NextInt(_operations.Count)];
            if (random.NextBool(_policy.Probability))
                image = operation.Apply(image, DrawMagnitude(random), random);
        }

        return image;
    }

    internal double DrawMagnitude(SampleRandom random)
    {
        var magnitude = double.IsInfinity(_policy.MagnitudeStd) ? random.NextDouble(0, _policy.Magnitude)
            : _policy.MagnitudeStd > 0 ? _policy.Magnitude + _policy.MagnitudeStd * random.NextNormal()
            : _policy.Magnitude;
        return Math.Clamp(magnitude, 0, _policy.MaximumMagnitude);
    }
}
