using Tweedie.Configuration;

namespace Tweedie.Images;

/// <summary>How images become the input of an image model, as Hugging Face's <c>preprocessor_config.json</c> describes it.</summary>
public static class ImageProcessorConfig
{
    /// <summary>The file's name.</summary>
    public const string FileName = "preprocessor_config.json";

    private static readonly double[] Halves = [0.5, 0.5, 0.5], ImageNetMean = [0.485, 0.456, 0.406], ImageNetStd = [0.229, 0.224, 0.225];

    /// <summary>CLIP's kind of processor.</summary>
    public static Family Clip { get; } =
        new(224, IsSquare: false, Crops: true, Resample: 3, [0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]);

    /// <summary>A ViT's kind of processor.</summary>
    public static Family Vit { get; } = new(224, IsSquare: true, Crops: false, Resample: 2, Halves, Halves);

    private static readonly Family Deit = new(256, IsSquare: true, Crops: true, Resample: 3, ImageNetMean, ImageNetStd);

    private static readonly Dictionary<string, Family> Families = new()
    {
        ["CLIP"] = Clip,
        ["ViT"] = Vit,
        ["DeiT"] = Deit,
        ["Bit"] = Clip, // DINOv2's
        ["Siglip"] = Vit with { Resample = 3 },
        ["DINOv3ViT"] = Vit with { Mean = ImageNetMean, Std = ImageNetStd },
    };

    // Keys that do not change what the model computes.
    private static readonly HashSet<string> Harmless =
    [
        "_valid_processor_keys", "data_format", "device", "disable_grouping", "do_convert_rgb", "input_data_format", "processor_class", "return_tensors",
    ];

    private static readonly string[] Endings = ["ImageProcessor", "ImageProcessorFast", "FeatureExtractor"];

    /// <summary>Reads the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="input">Height and width of the model's input in pixels, which the file must describe; null takes what it describes.</param>
    /// <param name="usual">The kind of processor where the file does not say it; null refuses such a file.</param>
    /// <exception cref="TweedieException">The file is damaged, or asks for what our models do not do; the message names the key.</exception>
    public static PreprocessOptions Read(string path, int? input = null, Family? usual = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = PublishedJson.Load(path);
        var family = FamilyOf(file, "image_processor_type") ?? FamilyOf(file, "feature_extractor_type") ?? usual ?? throw file.Refused("image_processor_type", Expected);
        var interpolation = file.Whole("resample") switch
        {
            null => family.Resample == 2 ? Interpolation.Bilinear : Interpolation.Bicubic,
            2 => Interpolation.Bilinear,
            3 => Interpolation.Bicubic,
            _ => throw file.Refused("resample", "expected 2 (bilinear) or 3 (bicubic)"),
        };
        var (size, fit, cropRatio) = Geometry(file, family, input);
        var (mean, std) = Normalization(file, family);
        if (file.Flag("do_pad") == true)
            throw file.Refused("do_pad", "our models do not pad images");
        file.Finish(Harmless);
        return new() { Size = size, Mean = mean, Std = std, Fit = fit, CropRatio = cropRatio, Interpolation = interpolation };
    }

    private static string Expected => $"expected one of {string.Join(", ", Families.Keys.Select(name => name + Endings[0]))}";

    private static Family? FamilyOf(PublishedJson file, string key)
    {
        if (file.Text(key) is not { } type)
            return null;
        return Endings.Where(ending => type.EndsWith(ending, StringComparison.Ordinal)).Select(ending => Families.GetValueOrDefault(type[..^ending.Length])).OfType<Family>().FirstOrDefault()
            ?? throw file.Refused(key, Expected);
    }

    private static (int Input, ImageFit Fit, double CropRatio) Geometry(PublishedJson file, Family family, int? wanted)
    {
        if (file.Flag("do_resize") == false)
            throw file.Refused("do_resize", "our models resize images to the size of their input");
        var (size, fit) = Size(file, family);
        var crops = file.Flag("do_center_crop") ?? family.Crops;
        var crop = CropSize(file) ?? (crops ? family == Deit ? 224 : family.Size : size);
        var input = wanted ?? crop;
        if (!crops)
            return fit == ImageFit.Stretch && size == input ? (input, fit, 1)
                : throw (fit == ImageFit.Stretch ? WrongSize("size", size) : file.Refused(file.Has("do_center_crop") ? "do_center_crop" : "size", "images whose shorter side is resized are not square without a crop, as our models need them"));
        if (crop != input)
            throw WrongSize(file.Has("crop_size") ? "crop_size" : "size", crop);
        if (size < crop)
            throw file.Refused("size", $"is smaller than the crop of {crop}, and our models do not pad images");
        var ratio = (double)crop / size;
        return (input, fit, (int)Math.Floor(crop / ratio) == size ? ratio : crop / (size + 0.5)); // the ratio from which the size follows without an error of rounding

        TweedieException WrongSize(string key, int found) => file.Has(key) ? file.Refused(key, $"but the model's images have {input} x {input} pixels")
            : new TweedieException($"{file.Path}: {key} is not given, which means {found}, but the model's images have {input} x {input} pixels.", FaultKind.Model);
    }

    private static (int Size, ImageFit Fit) Size(PublishedJson file, Family family)
    {
        var isSquare = file.Flag("default_to_square") ?? family.IsSquare;
        if (file.SectionOrNull("size") is not { } section)
            return (file.Whole("size") ?? family.Size, isSquare ? ImageFit.Stretch : ImageFit.ShorterSide);
        var (shortest, height, width) = (section.Whole("shortest_edge"), section.Whole("height"), section.Whole("width"));
        section.Finish();
        return (shortest, height, width) switch
        {
            ({ } side, null, null) => (side, ImageFit.ShorterSide),
            (null, { } side, { } other) when side == other => (side, ImageFit.Stretch),
            _ => throw file.Refused("size", "expected a number, shortest_edge, or the same height and width"),
        };
    }

    private static int? CropSize(PublishedJson file)
    {
        if (file.SectionOrNull("crop_size") is not { } section)
            return file.Whole("crop_size");
        var (height, width) = (section.Whole("height"), section.Whole("width"));
        section.Finish();
        return height is not null && height == width ? height : throw file.Refused("crop_size", "expected a number, or the same height and width");
    }

    // Our pixels are a 255th of a byte's value, theirs a multiple of their own: both are normalised to the same.
    private static (IReadOnlyList<double> Mean, IReadOnlyList<double> Std) Normalization(PublishedJson file, Family family)
    {
        var factor = file.Number("rescale_factor") ?? 1 / 255.0;
        if (file.Flag("do_rescale") == false)
            factor = 1;
        if (factor <= 0)
            throw file.Refused("rescale_factor", "expected a positive number");
        var (mean, std) = (file.Numbers("image_mean") ?? family.Mean, file.Numbers("image_std") ?? family.Std);
        if (file.Flag("do_normalize") == false)
            (mean, std) = ([.. mean.Select(_ => 0.0)], [.. std.Select(_ => 1.0)]);
        var unit = Math.Abs(factor * 255 - 1) < 1e-6 ? 1 : factor * 255;
        return ([.. mean.Select(value => value / unit)], [.. std.Select(value => value / unit)]);
    }

    /// <summary>A kind of processor with the values that its files may leave out.</summary>
    /// <param name="Size">The size.</param>
    /// <param name="IsSquare">Whether a size that is one number is that of both sides; else it is that of the shorter side.</param>
    /// <param name="Crops">Whether the centre is cut out.</param>
    /// <param name="Resample">Pillow's number of the interpolation.</param>
    /// <param name="Mean">The mean.</param>
    /// <param name="Std">The standard deviation.</param>
    public sealed record Family(int Size, bool IsSquare, bool Crops, int Resample, IReadOnlyList<double> Mean, IReadOnlyList<double> Std);
}
