namespace Tweedie.Sampling;

/// <summary>What the noisy state alone tells about the label under a schedule.</summary>
public static class ScheduleDiagnostics
{
    /// <summary>
    /// P(argmax y_t = y0) when only y_t is seen: ∫ φ(x − μ)·Φ(x)^(K−1) dx with μ = s·√ᾱ/√(1−ᾱ), by the trapezoid rule.
    /// It is one half at ᾱ = 0.913 for K = 1000.
    /// </summary>
    /// <param name="alphaBar">ᾱ_t, between 0 and 1.</param>
    /// <param name="classes">K, at least 2.</param>
    /// <param name="scale">s, the height of the hot entry.</param>
    public static double ProbabilityArgmaxIsClean(double alphaBar, long classes, double scale = 1)
    {
        const int intervals = 2000;
        const double reach = 9; // standard deviations; the tails beyond are below 1e-18
        var mean = scale * Math.Sqrt(alphaBar / (1 - alphaBar));
        var width = 2 * reach / intervals;
        var total = 0.0;
        for (var i = 0; i <= intervals; i++)
        {
            var deviation = -reach + i * width;
            var density = Math.Exp(-deviation * deviation / 2) / Math.Sqrt(2 * Math.PI);
            var othersBelow = Math.Exp((classes - 1) * Math.Log(Math.Max(NormalCdf(mean + deviation), double.Epsilon)));
            total += density * othersBelow * (i is 0 or intervals ? 0.5 : 1);
        }
        return total * width;
    }

    // Φ(x) by Marsaglia's series (Journal of Statistical Software 11(4), 2004), exact to double precision near 0.
    private static double NormalCdf(double x)
    {
        if (x is < -8 or > 8)
            return x < 0 ? 0 : 1;
        double sum = x, term = x, previous = 0;
        for (var i = 3; sum != previous; i += 2)
        {
            previous = sum;
            term *= x * x / i;
            sum += term;
        }
        return 0.5 + sum * Math.Exp(-0.5 * x * x - 0.91893853320467274178);
    }
}
