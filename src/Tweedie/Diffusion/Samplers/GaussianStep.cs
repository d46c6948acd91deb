using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>The numbers of a step from a level ᾱ_t to a cleaner level ᾱ_s. Each has the shape of the levels, float64.</summary>
/// <param name="from">The level of the state.</param>
/// <param name="to">The level that the step goes to.</param>
internal sealed class GaussianStep(NoiseLevels from, NoiseLevels to)
{
    /// <summary>ᾱ_t.</summary>
    public Tensor AlphaBar { get; } = from.State;

    /// <summary>ᾱ_s.</summary>
    public Tensor NextAlphaBar { get; } = to.State;

    /// <summary>1−ᾱ_t.</summary>
    public Tensor Variance { get; } = from.State.SubtractedFrom(1);

    /// <summary>1−ᾱ_s.</summary>
    public Tensor NextVariance { get; } = to.State.SubtractedFrom(1);

    /// <summary>The weight of the clean vector in the posterior's mean: √ᾱ_s·β/(1−ᾱ_t), β = 1 − ᾱ_t/ᾱ_s.</summary>
    public Tensor CleanWeight => NextAlphaBar.sqrt() * Beta / Variance;

    /// <summary>The weight of the state in the posterior's mean: √(ᾱ_t/ᾱ_s)·(1−ᾱ_s)/(1−ᾱ_t).</summary>
    public Tensor StateWeight => (AlphaBar / NextAlphaBar).sqrt() * NextVariance / Variance;

    /// <summary>The posterior's variance: (1−ᾱ_s)·β/(1−ᾱ_t).</summary>
    public Tensor PosteriorVariance => NextVariance * Beta / Variance;

    /// <summary>A number of each token in single precision, to be multiplied with states.</summary>
    public static Tensor Of(Tensor number) => number.unsqueeze(-1).to(float32);

    private Tensor Beta => (AlphaBar / NextAlphaBar).SubtractedFrom(1);
}
