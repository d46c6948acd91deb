using System.ComponentModel.DataAnnotations;
using Tweedie.Data;
using Tweedie.Diffusion;
using Tweedie.Networks;

namespace Tweedie.Models;

/// <summary>All that is needed to build a classifier's network and to feed it: the content of a model folder's <c>config.json</c>.</summary>
public sealed record ClassifierOptions
{
    /// <summary>The method.</summary>
    public ClassifierMethod Method { get; init; } = ClassifierMethod.Tdd;

    /// <summary>The classes' names, in label order; their number is K.</summary>
    public IReadOnlyList<string> ClassNames { get; init; } = [];

    /// <summary>The image encoder.</summary>
    public VisionTransformerOptions Encoder { get; init; } = new();

    /// <summary>The diffusion head; not used by the linear method.</summary>
    public DenoiserOptions Denoiser { get; init; } = new();

    /// <summary>The diffusion process; not used by the linear method.</summary>
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

    /// <summary>The normalisation of the network's input.</summary>
    public Normalization Normalization() => new([.. Mean.Select(value => (float)value)], [.. Std.Select(value => (float)value)]);
}
