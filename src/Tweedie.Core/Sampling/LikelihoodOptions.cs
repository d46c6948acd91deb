using System.ComponentModel.DataAnnotations;

namespace Tweedie.Sampling;

/// <summary>How the bound of −log p is estimated. An option that is null takes the method's default; a method refuses options that it has no use for.</summary>
public sealed record LikelihoodOptions
{
    /// <summary>The number of draws where nothing else is said.</summary>
    public const int DefaultDraws = 16;

    /// <summary>
    /// Noise levels that are drawn for each item, one pass of the network each; <see cref="DefaultDraws"/> by default. More of them narrow the estimate, and change nothing of
    /// what it estimates. The likelihood of an autoregressive model is exact and draws none.
    /// </summary>
    [Range(1, 100_000)]
    public int? Draws { get; init; }

    /// <summary>
    /// The number of steps of the discrete form: the bound of a sampling of so many uniform steps. By default it is the continuous form, the limit of ever more
    /// steps. An autoregressive model has no steps to choose.
    /// </summary>
    [Range(1, 100_000)]
    public int? Steps { get; init; }

    /// <summary>For one-hot diffusion: how levels are drawn. Each way has the same mean.</summary>
    public LevelProposal? Proposal { get; init; }

    /// <summary>
    /// For one-hot diffusion: the lowest log-SNR, log(ᾱ/(1−ᾱ)), of the chain whose bound it is; by default that of the schedule. Sampling then starts there.
    /// </summary>
    [Range(-40.0, 40.0)]
    public double? LogSnrMin { get; init; }

    /// <summary>
    /// For one-hot diffusion: the highest log-SNR of the chain; by default that of the schedule. Sampling then decides the tokens there. A network that misreads clean
    /// states has a lower bound with fewer of them.
    /// </summary>
    [Range(-40.0, 40.0)]
    public double? LogSnrMax { get; init; }

    /// <summary>Items that the network takes at a time. The result does not depend on it.</summary>
    [Range(1, 100_000)]
    public int BatchSize { get; init; } = 100;

    /// <summary>Seed of levels and noise.</summary>
    public long Seed { get; init; }
}
