using System.ComponentModel.DataAnnotations;
using Tweedie.Configuration;

namespace Tweedie.Images;

/// <summary>How decoded images become the input of a frozen encoder: resized, cut to a square and normalised, (range·x/255 − mean) / std per channel.</summary>
public sealed record PreprocessOptions : IValidatableObject
{
    /// <summary>The file beside an encoder that holds these options. Without it, Hugging Face's (<see cref="ImageProcessorConfig"/>) is read.</summary>
    public const string FileName = "preprocessing.yaml";

    /// <summary>Height and width of the input in pixels.</summary>
    [Range(1, 4096)]
    public int Size { get; init; } = 224;

    /// <summary>The share of the shorter side that is kept: 1 keeps all; 0.875 resizes to 256 before a centre crop of 224.</summary>
    [Range(0.1, 1.0)]
    public double CropRatio { get; init; } = 1;

    /// <summary>How an image of other proportions becomes a square.</summary>
    public ImageFit Fit { get; init; } = ImageFit.ShorterSide;

    /// <summary>How images are resized.</summary>
    public Interpolation Interpolation { get; init; } = Interpolation.Bicubic;

    /// <summary>The order of the channels in the encoder's input.</summary>
    public ChannelOrder Channels { get; init; }

    /// <summary>The value of a white pixel before mean and deviation: 1 or 255.</summary>
    [Range(1.0, 255.0)]
    public double Range { get; init; } = 1;

    /// <summary>Mean of red, green and blue, in this order and on the scale of the range.</summary>
    [MinLength(3), MaxLength(3)]
    public IReadOnlyList<double> Mean { get; init; } = [0, 0, 0];

    /// <summary>Standard deviation of red, green and blue, in this order and on the scale of the range.</summary>
    [MinLength(3), MaxLength(3)]
    public IReadOnlyList<double> Std { get; init; } = [1, 1, 1];

    /// <summary>
    /// An ONNX file beside the encoder that is run first, on the numbers above; it gives the encoder's input. Some encoders subtract a mean image this way.
    /// By default none.
    /// </summary>
    public string? First { get; init; }

    /// <summary>Reads the options from the file beside an encoder: ours, or that of Hugging Face where there is no such file.</summary>
    /// <param name="encoder">The encoder's file.</param>
    /// <exception cref="TweedieException">There is no such encoder, neither file beside it, or the file is not valid.</exception>
    public static PreprocessOptions Beside(string encoder)
    {
        ArgumentException.ThrowIfNullOrEmpty(encoder);
        if (!File.Exists(encoder))
            throw new TweedieException($"{encoder}: cannot be read: there is no such file.", FaultKind.Model);
        var folder = Path.GetDirectoryName(encoder) ?? "";
        var (path, published) = (Path.Combine(folder, FileName), Path.Combine(folder, ImageProcessorConfig.FileName));
        return File.Exists(path) ? Fault.Of(FaultKind.Model, () => ConfigDocument.Load(path).Bind<PreprocessOptions>())
            : File.Exists(published) ? Fault.Of(FaultKind.Model, () => ImageProcessorConfig.Read(published))
            : throw new TweedieException($"{encoder}: nothing says how images become its input; write {path} with size, mean, std and the like, put the model's {ImageProcessorConfig.FileName} there, "
                + "or give model.frozen.preprocess.", FaultKind.Model);
    }

    /// <summary>The transform of a decoded image.</summary>
    public IImageTransform Transform() => new ResizeCrop(Size, CropRatio, Fit, Interpolation);

    /// <summary>The normalisation of its pixels.</summary>
    public Normalization Normalization() => new([.. Mean.Select(value => (float)(value / Range))], [.. Std.Select(value => (float)(value / Range))]);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Std.Any(value => value <= 0))
            yield return new ValidationResult("must be positive", [nameof(Std)]);
    }
}

/// <summary>The order of the channels in an input.</summary>
public enum ChannelOrder
{
    /// <summary>Red, green, blue.</summary>
    Rgb,
    /// <summary>Blue, green, red.</summary>
    Bgr,
}
