using System.ComponentModel.DataAnnotations;
using Tweedie.Diffusion;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Networks;
using Tweedie.Sampling;

namespace Extending;

/// <summary>
/// Shows the options of a custom model: everything that building its network and feeding it needs. They are the section <c>model</c> of a config
/// and the <c>config.json</c> of a model folder. Unknown keys and values out of range are refused, as in the library's models.
/// </summary>
public sealed record DigitModelOptions : ImageInputOptions
{
    /// <summary>The kind of model that a model folder holds.</summary>
    [AllowedValues(DigitReader.Kind)]
    public string Kind { get; init; } = DigitReader.Kind;

    /// <summary>Width of a condition token.</summary>
    [Range(2, 1024)]
    public int Width { get; init; } = 32;

    /// <summary>The diffusion blocks.</summary>
    public DenoiserOptions Denoiser { get; init; } = new();

    /// <summary>T, the timesteps of the noise schedule.</summary>
    [Range(2, 100_000)]
    public int Timesteps { get; init; } = 200;

    /// <summary>How steep the noise schedule is (<see cref="SigmoidSchedule"/>).</summary>
    [Range(0.1, 12)]
    public double Steepness { get; init; } = 4;

    /// <inheritdoc/>
    public override ImageShape Input => new(Channels: 1, DigitSource.Size, DigitSource.Size);

    /// <summary>What the network costs, computed without building it.</summary>
    public IReadOnlyList<PartCost> Parts =>
    [
        ConvolutionalConditioner.Cost(Input, Width),
        ModelCost.Denoiser(Denoiser, SevenSegments.Entries, SevenSegments.Places, ConvolutionalConditioner.TokensOf(Input), Width),
    ];

    /// <summary>The diffusion process.</summary>
    /// <param name="objective">The training objective.</param>
    public TokenLevels CreateProcess(ObjectiveOptions? objective = null) =>
        new(new OneHotDiffusion(new DiffusionOptions(), objective, SigmoidSchedule.Create(Timesteps, Steepness)));

    /// <summary>The network, with initial weights from torch's global generator.</summary>
    public TokenNetwork CreateNetwork() => new(
        new ConvolutionalConditioner(Input, Width), new Denoiser(Denoiser, SevenSegments.Entries, SevenSegments.Places, Width));
}
