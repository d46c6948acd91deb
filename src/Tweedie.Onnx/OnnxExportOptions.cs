using System.ComponentModel.DataAnnotations;
using Tweedie.Models;

namespace Tweedie.Onnx;

/// <summary>How a model is exported.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>The version of the operators: 17, or 20 with an operator for GELU, or 23 with one for attention.</summary>
    [AllowedValues(17, 20, 23)]
    public int Opset { get; init; } = 17;

    /// <summary>How weights are stored.</summary>
    public OnnxPrecision Precision { get; init; }

    /// <summary>Whether the paper's loop is exported too, as one graph (<c>sampler.onnx</c>); for one-hot diffusion. It takes all noise as an input.</summary>
    public bool Sampler { get; init; }

    /// <summary>Whether that graph draws its noise itself, other noise in each run of a session, and takes none; for a program that needs no seed.</summary>
    public bool DrawsNoise { get; init; }

    /// <summary>The licence of the data that the model was trained on, for its description.</summary>
    public string? DataLicense { get; init; }

    /// <summary>The SHA-256 of the weights, where they are those of a folder.</summary>
    internal string? Weights { get; init; }

    /// <summary>What the model's folder says about it; null where it has no card.</summary>
    internal ModelCard? Card { get; init; }

    /// <summary>The bytes of weights above which they go into a file beside their graph. A graph with its weights ends at 2 GB.</summary>
    internal long ExternalAbove { get; init; } = int.MaxValue - (1L << 26);
}
