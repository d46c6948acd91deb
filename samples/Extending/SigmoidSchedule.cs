using Tweedie.Sampling;

namespace Extending;

/// <summary>
/// Shows a custom noise schedule: the sigmoid schedule of Jabri et al. 2022, ᾱ(u) = (σ(k) − σ(k·(2u−1))) / (σ(k) − σ(−k)).
/// A <see cref="NoiseSchedule"/> takes any list of ᾱ that falls and lies strictly between 0 and 1.
/// </summary>
public static class SigmoidSchedule
{
    /// <summary>Creates the schedule.</summary>
    /// <param name="timesteps">T.</param>
    /// <param name="steepness">k: the larger it is, the more timesteps are nearly clean or nearly pure noise.</param>
    public static NoiseSchedule Create(int timesteps, double steepness) =>
        new(Enumerable.Range(1, timesteps).Select(t => Signal((double)t / (timesteps + 1), steepness)));

    // u lies strictly between 0 and 1, and so does the signal.
    private static double Signal(double u, double steepness) =>
        (Sigmoid(steepness) - Sigmoid(steepness * (2 * u - 1))) / (Sigmoid(steepness) - Sigmoid(-steepness));

    private static double Sigmoid(double value) => 1 / (1 + Math.Exp(-value));
}
