using System.ComponentModel.DataAnnotations;
using Tweedie.Data;
using Tweedie.Diffusion;
using Tweedie.Networks;

namespace Tweedie.Models;

/// <summary>
/// All that is needed to build a captioner's network and to feed it, but for its tokenizer: the content of a model folder's <c>config.json</c>.
/// </summary>
public sealed record CaptionerOptions
{
    /// <summary>What the folder holds.</summary>
    [AllowedValues(ModelKind.Captioner)]
    public ModelKind Kind { get; init; } = ModelKind.Captioner;

    /// <summary>The method.</summary>
    public CaptionMethod Method { get; init; } = CaptionMethod.Tdd;

    /// <summary>N, the tokens of a caption, its end token included.</summary>
    [Range(2, 1024)]
    public int Tokens { get; init; } = 24;

    /// <summary>What the caption's tokens attend to besides themselves.</summary>
    public CaptionCondition Condition { get; init; }

    /// <summary>The image encoder.</summary>
    public VisionTransformerOptions Encoder { get; init; } = new();

    /// <summary>The diffusion blocks.</summary>
    public DenoiserOptions Denoiser { get; init; } = new();

    /// <summary>The diffusion process; not used by masked diffusion.</summary>
    public DiffusionOptions Diffusion { get; init; } = new();

    /// <summary>Mean of each channel of the input in 0..1.</summary>
    public IReadOnlyList<double> Mean { get; init; } = [];

    /// <summary>Standard deviation of each channel of the input in 0..1.</summary>
    public IReadOnlyList<double> Std { get; init; } = [];

    /// <summary>
    /// The share of the shorter side that evaluation and use keep (<see cref="ResizeCrop"/>): 1 keeps all; 0.875 resizes to 256 before a centre crop of 224.
    /// </summary>
    [Range(0.1, 1)]
    public double CropRatio { get; init; } = 1;

    /// <summary>M, the number of condition tokens.</summary>
    internal int ConditionTokens => Condition == CaptionCondition.AllTokens ? Encoder.ClassTokens + Encoder.Patches : Encoder.ConditionTokens;

    /// <summary>The normalisation of the network's input.</summary>
    public Normalization Normalization() => new([.. Mean.Select(value => (float)value)], [.. Std.Select(value => (float)value)]);
}
