namespace Tweedie.Sampling;

/// <summary>
/// A step of one-hot diffusion goes from a level ᾱ_t to a cleaner level ᾱ_s: y_s = clean·s·ŷ0 + state·y_t + √variance·ε, with fresh noise ε. These are its weights, for the
/// samplers in libtorch and for those of exported models.
/// </summary>
/// <param name="Clean">The weight of the clean vector.</param>
/// <param name="State">The weight of the state.</param>
/// <param name="Variance">The variance of the fresh noise.</param>
public readonly record struct StepWeights(double Clean, double State, double Variance)
{
    /// <summary>The paper's "argmax-and-re-noise" (§3.2): √ᾱ_s, 0 and 1−ᾱ_s, whatever the state was.</summary>
    /// <param name="next">ᾱ_s.</param>
    public static StepWeights Renoise(double next) => new(Math.Sqrt(next), 0, 1 - next);

    /// <summary>
    /// The posterior q(y_s | y_t, ŷ0) (DDPM, Ho et al. 2020): with β = 1 − ᾱ_t/ᾱ_s, √ᾱ_s·β/(1−ᾱ_t), √(ᾱ_t/ᾱ_s)·(1−ᾱ_s)/(1−ᾱ_t) and (1−ᾱ_s)·β/(1−ᾱ_t).
    /// </summary>
    /// <param name="alphaBar">ᾱ_t.</param>
    /// <param name="next">ᾱ_s.</param>
    public static StepWeights Posterior(double alphaBar, double next)
    {
        var (beta, variance) = (1 - alphaBar / next, 1 - alphaBar);
        return new(Math.Sqrt(next) * beta / variance, Math.Sqrt(alphaBar / next) * (1 - next) / variance, (1 - next) * beta / variance);
    }

    /// <summary>
    /// DDIM (Song et al. 2021): y_s = √ᾱ_s·s·ŷ0 + √(1−ᾱ_s−η²τ²)·ε̂ + ητ·ε with ε̂ = (y_t − √ᾱ_t·s·ŷ0)/√(1−ᾱ_t) and τ² the variance of the posterior.
    /// </summary>
    /// <param name="alphaBar">ᾱ_t.</param>
    /// <param name="next">ᾱ_s.</param>
    /// <param name="eta">η, 0 to 1.</param>
    public static StepWeights Ddim(double alphaBar, double next, double eta)
    {
        var fresh = Posterior(alphaBar, next).Variance * (eta * eta);
        var direction = Math.Sqrt(1 - next - fresh) / Math.Sqrt(1 - alphaBar);
        return new(Math.Sqrt(next) - direction * Math.Sqrt(alphaBar), direction, fresh);
    }

    /// <summary>
    /// The noise that is added before a step (Karras et al. 2022): the SNR falls to SNR/(1+γ)², y′ = (a′/a)·y + √(σ′² − (a′/a)²σ²)·ε with a = √ᾱ and σ² = 1−ᾱ.
    /// </summary>
    /// <param name="alphaBar">ᾱ of the state.</param>
    /// <param name="gamma">γ, above 0.</param>
    /// <param name="lowest">The lowest ᾱ of the schedule, below which the state does not fall.</param>
    /// <returns>The weights, and ᾱ of the noisier state.</returns>
    public static (StepWeights Weights, double AlphaBar) Churn(double alphaBar, double gamma, double lowest)
    {
        var ratio = alphaBar / (1 - alphaBar) / Math.Pow(1 + gamma, 2);
        var noisier = Math.Max(ratio / (1 + ratio), lowest);
        var shrink = noisier / alphaBar; // (a′/a)²
        return (new(0, Math.Sqrt(shrink), Math.Max(0, 1 - noisier - shrink * (1 - alphaBar))), noisier);
    }
}
