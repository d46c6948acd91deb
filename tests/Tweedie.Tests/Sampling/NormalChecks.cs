namespace Tweedie.Tests.Sampling;

/// <summary>Measures how far samples are from standard normal ones, in standard errors unless stated otherwise.</summary>
internal static class NormalChecks
{
    /// <summary>The largest deviation among the means of x, x², x³ and x⁴.</summary>
    public static double Moments(double[] x)
    {
        (int Power, double Mean, double Variance)[] moments = [(1, 0, 1), (2, 1, 2), (3, 0, 15), (4, 3, 96)];
        return moments.Max(moment =>
            Math.Abs(x.Sum(value => Math.Pow(value, moment.Power)) / x.Length - moment.Mean) * Math.Sqrt(x.Length / moment.Variance));
    }

    /// <summary>Kolmogorov and Smirnov's √n·max |F(x) − Φ(x)|: it is above 2.2 once in 8,000.</summary>
    public static double KolmogorovSmirnov(double[] x, Func<double, double> distribution)
    {
        var sorted = x.Order().ToArray();
        var distance = sorted.Select((value, i) => Math.Max(distribution(value) - (double)i / x.Length, (i + 1.0) / x.Length - distribution(value))).Max();
        return Math.Sqrt(x.Length) * distance;
    }

    /// <summary>The share of |x| above a limit.</summary>
    public static double Tail(double[] x, double limit)
    {
        var p = 2 * Distribution(-limit);
        return Math.Abs(x.Count(value => Math.Abs(value) > limit) - x.Length * p) / Math.Sqrt(x.Length * p * (1 - p));
    }

    /// <summary>The larger of the correlations of x with y and of x² with y².</summary>
    public static double Correlation(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var (plain, squares) = (0.0, 0.0);
        for (var i = 0; i < x.Length; i++)
        {
            plain += x[i] * y[i];
            squares += (x[i] * x[i] - 1) * (y[i] * y[i] - 1) / 2;
        }

        return Math.Max(Math.Abs(plain), Math.Abs(squares)) / Math.Sqrt(x.Length);
    }

    /// <summary>Φ by its series (Marsaglia, "Evaluating the normal distribution", 2004), to about 1e-15.</summary>
    public static double Distribution(double x)
    {
        var (sum, term) = (x, x);
        for (var i = 3; sum + term != sum; i += 2)
        {
            term *= x * x / i;
            sum += term;
        }

        return 0.5 + sum * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
    }
}
