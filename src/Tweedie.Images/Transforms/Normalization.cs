namespace Tweedie.Images;

/// <summary>Turns 8-bit pixels into network input: (x/255 - mean) / std for each channel.</summary>
public sealed class Normalization
{
    // A byte has only 256 values, so one look-up per value gives exactly the formula's result.
    private readonly float[][] _tables;

    /// <summary>Creates the normalization; the lengths are the number of channels.</summary>
    /// <param name="mean">Mean of each channel on the scale 0..1.</param>
    /// <param name="std">Standard deviation of each channel on the scale 0..1, positive.</param>
    /// <exception cref="ArgumentException">The lengths differ or are 0, or a standard deviation is not positive.</exception>
    public Normalization(IReadOnlyList<float> mean, IReadOnlyList<float> std)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(std);
        if (mean.Count != std.Count || mean.Count == 0)
            throw new ArgumentException($"{mean.Count} means and {std.Count} deviations: give one of each per channel.", nameof(std));
        if (std.Any(value => !(value > 0)))
            throw new ArgumentException("A standard deviation is positive.", nameof(std));
        (Mean, Std) = ([.. mean], [.. std]);
        _tables = [.. Mean.Zip(Std, Table)];
    }

    /// <summary>Mean of each channel on the scale 0..1.</summary>
    public IReadOnlyList<float> Mean { get; }

    /// <summary>Standard deviation of each channel on the scale 0..1.</summary>
    public IReadOnlyList<float> Std { get; }

    /// <summary>Number of channels.</summary>
    public int Channels => _tables.Length;

    /// <summary>Mean and standard deviation 0.5 in each channel: values from -1 to 1.</summary>
    public static Normalization Default(int channels) => new(Halves(channels), Halves(channels));

    /// <summary>The normalization that the options name, for images with the given number of channels.</summary>
    /// <exception cref="TweedieException">The options give another number of values, or a deviation that is not positive.</exception>
    public static Normalization Create(DataOptions options, int channels)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new Normalization(Values(options.Mean, "mean", channels), Values(options.Std, "std", channels, minimum: float.Epsilon));
    }

    /// <summary>Writes an image into a tensor's memory, from (H, W, C) bytes to (C, H, W) floats.</summary>
    /// <param name="image">The image, with as many channels as this normalization.</param>
    /// <param name="destination">Room for C·H·W values.</param>
    /// <exception cref="ArgumentException">The channels or the room do not fit.</exception>
    public void Apply(RasterImage image, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.Channels != Channels || destination.Length != image.Pixels.Length)
            throw new ArgumentException(
                $"An image of {image.Shape} does not fit {Channels} channels or {destination.Length} values.", nameof(image));
        var area = image.Width * image.Height;
        for (var channel = 0; channel < Channels; channel++)
        {
            var table = _tables[channel];
            var source = image.Pixels[channel..];
            var plane = destination.Slice(channel * area, area);
            for (var (i, position) = (0, 0); i < plane.Length; i++, position += _tables.Length)
                plane[i] = table[source[position]];
        }
    }

    /// <summary>Turns network input back into 8-bit pixels; what lies beyond their range is cut off.</summary>
    /// <param name="values">C·H·W values, shape (C, H, W).</param>
    /// <param name="shape">C, as many as this normalization's, H and W.</param>
    /// <exception cref="ArgumentException">The values or channels do not fit the shape.</exception>
    public RasterImage Invert(ReadOnlySpan<float> values, ImageShape shape)
    {
        if (shape.Channels != Channels || values.Length != shape.Length)
            throw new ArgumentException($"{values.Length} values are not an image of {shape} with {Channels} channels.", nameof(shape));
        var pixels = new byte[shape.Length];
        var area = shape.Width * shape.Height;
        for (var i = 0; i < values.Length; i++)
        {
            var (channel, position) = Math.DivRem(i, area);
            var value = MathF.Round(255 * (values[i] * Std[channel] + Mean[channel]));
            pixels[position * Channels + channel] = (byte)Math.Clamp(value, 0, 255);
        }
        return new RasterImage(shape.Width, shape.Height, Channels, pixels);
    }

    private static float[] Halves(int channels) => [.. Enumerable.Repeat(0.5f, channels)];

    private static float[] Table(float mean, float std) => [.. Enumerable.Range(0, 256).Select(value => (value / 255f - mean) / std)];

    private static float[] Values(IList<double>? values, string field, int channels, float minimum = float.NegativeInfinity)
    {
        if (values is null)
            return Halves(channels);
        if (values.Count != channels)
            throw new TweedieException(
                $"data.{field} has {values.Count} values, but the images have {channels} channels: give one per channel.");
        foreach (var value in values)
        {
            if (!((float)value >= minimum) || !double.IsFinite(value))
                throw new TweedieException(
                    $"data.{field} has the value {value}, expected {(field == "std" ? "a positive number" : "a number")}.");
        }

        return [.. values.Select(value => (float)value)];
    }
}
