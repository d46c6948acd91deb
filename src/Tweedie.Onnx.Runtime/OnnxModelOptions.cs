using System.ComponentModel.DataAnnotations;
using Tweedie.Images;
using Tweedie.Sampling;

namespace Tweedie.Onnx;

/// <summary>An exported model in words and numbers: the content of <c>model.json</c> beside its graphs.</summary>
public sealed record OnnxModelOptions : IValidatableObject
{
    /// <summary>The version of this description.</summary>
    [Range(1, 1)]
    public int Format { get; init; } = 1;

    /// <summary>What the model does.</summary>
    public required OnnxModelKind Kind { get; init; }

    /// <summary>What its states are; none where the answer takes one pass.</summary>
    public OnnxState State { get; init; }

    /// <summary>The version of the graphs' operators.</summary>
    [AllowedValues(17, 20, 23)]
    public int Opset { get; init; } = 17;

    /// <summary>How weights are stored.</summary>
    public OnnxPrecision Precision { get; init; }

    /// <summary>N, the tokens of an item; of a text, for CLIP.</summary>
    [Range(1, 1 << 20)]
    public int Tokens { get; init; } = 1;

    /// <summary>K, the number of classes or vocabulary entries.</summary>
    [Range(1, int.MaxValue)]
    public int Classes { get; init; } = 1;

    /// <summary>d, the width of a token in the network; of the space that images and texts share, for CLIP.</summary>
    [Range(1, 1 << 20)]
    public int Width { get; init; } = 1;

    /// <summary>The blocks that denoise.</summary>
    [Range(0, 1 << 16)]
    public int Depth { get; init; }

    /// <summary>Their attention heads.</summary>
    [Range(1, 1 << 16)]
    public int Heads { get; init; } = 1;

    /// <summary>M, the condition tokens of an image; 0 where there is no condition.</summary>
    [Range(0, 1 << 20)]
    public int ConditionTokens { get; init; }

    /// <summary>Whether a step takes in the prediction of the step before.</summary>
    public bool SelfConditioning { get; init; }

    /// <summary>How images become the input; null where the model takes none.</summary>
    public OnnxImageInput? Input { get; init; }

    /// <summary>The frozen encoder whose features go into <c>encoder.onnx</c>, its file in this folder; null where that takes images.</summary>
    public FrozenEncoderOptions? Frozen { get; init; }

    /// <summary>The diffusion process; used where states are noisy.</summary>
    public DiffusionOptions Diffusion { get; init; } = new();

    /// <summary>How the model is sampled where nothing else is said; complete.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>The measured loss in equal parts of the timesteps, cleanest first, for grids by cross-entropy; null where nothing was measured of a part. Empty where the model measured none.</summary>
    public IReadOnlyList<double?> Losses { get; init; } = [];

    /// <summary>The names of a classifier's classes, in label order.</summary>
    public IReadOnlyList<string> ClassNames { get; init; } = [];

    /// <summary>The temperatures of a classifier's probabilities; null where it is not calibrated.</summary>
    public Calibration? Calibration { get; init; }

    /// <summary>The licence of the data that the model was trained on, if it was given.</summary>
    public string? DataLicense { get; init; }

    /// <summary>The SHA-256 of the weights that were exported, in hexadecimal; null where they were not on disk.</summary>
    public string? Weights { get; init; }

    /// <summary>The SHA-256 of each file beside this description, in hexadecimal, by its name.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Kind is OnnxModelKind.Classifier && ClassNames.Count != Classes)
            yield return new ValidationResult($"must have one name for each of the {Classes} classes", [nameof(ClassNames)]);
        if (Kind is not (OnnxModelKind.TextGenerator or OnnxModelKind.RowGenerator) && Input is null && Frozen is null)
            yield return new ValidationResult("must say how images become the input", [nameof(Input)]);
        if (State != OnnxState.None && Sampling is not { Steps: not null, Decode: not null })
            yield return new ValidationResult("must have steps and decode", [nameof(Sampling)]);
        if (Width % Heads != 0)
            yield return new ValidationResult($"must divide width ({Width})", [nameof(Heads)]);
    }
}

/// <summary>How decoded images become the input of an exported model: resized, cut out and normalised.</summary>
public sealed record OnnxImageInput : IValidatableObject
{
    /// <summary>Height and width, pixels.</summary>
    [Range(1, 8192)]
    public int Size { get; init; } = 1;

    /// <summary>Colour channels: 1 or 3.</summary>
    [Range(1, 3)]
    public int Channels { get; init; } = 3;

    /// <summary>The share of the shorter side that is kept.</summary>
    [Range(0.1, 1.0)]
    public double CropRatio { get; init; } = 1;

    /// <summary>How an image of other proportions becomes a square.</summary>
    public ImageFit Fit { get; init; }

    /// <summary>How images are resized.</summary>
    public Interpolation Interpolation { get; init; }

    /// <summary>Mean of each channel in 0..1.</summary>
    public IReadOnlyList<double> Mean { get; init; } = [];

    /// <summary>Standard deviation of each channel in 0..1.</summary>
    public IReadOnlyList<double> Std { get; init; } = [];

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Mean.Count != Channels)
            yield return new ValidationResult($"must have one number for each of the {Channels} channels", [nameof(Mean)]);
        if (Std.Count != Channels || Std.Any(value => value <= 0))
            yield return new ValidationResult($"must have one positive number for each of the {Channels} channels", [nameof(Std)]);
    }
}
