using System.ComponentModel.DataAnnotations;

namespace Extending;

/// <summary>Shows custom config keys: the section <c>sampling</c> says how the sample's sampler runs.</summary>
public sealed record DigitSamplingOptions
{
    /// <summary>Number of steps.</summary>
    [Range(1, 100_000)]
    public int Steps { get; init; } = 10;

    /// <summary>How many timesteps later than the state's the network is told (<see cref="LateGrid"/>).</summary>
    [Range(0, 100_000)]
    public int Late { get; init; }

    /// <summary>p of the nucleus (<see cref="NucleusDraw"/>).</summary>
    [Range(1e-6, 1)]
    public double TopP { get; init; } = 1;
}
