using System.Runtime.CompilerServices;

namespace Tweedie.Sampling;

/// <summary>
/// Turns two uniform numbers into two independent normal ones (Box and Muller 1958): √(−2·ln u₁)·(cos, sin)(2π·u₂ − π/4). The logarithm, the sine
/// and the cosine are Taylor polynomials of our own, because those of the platforms differ in their last bits. They use only operations whose
/// result IEEE 754 fixes: +, −, ×, ÷, √ and operations on bits. .NET never joins × and + into a fused operation, which would round only once.
/// </summary>
internal static class BoxMuller
{
    // ln m = 2s + 2s·(z/3 + z²/5 + …), s = (m − 1)/(m + 1), z = s² ≤ 0.0295: Ln = 1/(2n + 3). The rest is below 3e-17 of it.
    private const double L0 = 1.0 / 3, L1 = 1.0 / 5, L2 = 1.0 / 7, L3 = 1.0 / 9, L4 = 1.0 / 11, L5 = 1.0 / 13, L6 = 1.0 / 15, L7 = 1.0 / 17, L8 = 1.0 / 19;

    // sin(π/2·r) = r·(S0 + S1·r² + …), |r| ≤ ½: Sn = (−1)^n·(π/2)^(2n+1)/(2n+1)!. The rest is below 6e-17 of it.
    private const double S0 = 1.5707963267948966, S1 = -0.6459640975062463, S2 = 0.07969262624616705, S3 = -0.004681754135318688,
        S4 = 0.00016044118478735983, S5 = -3.598843235212085e-06, S6 = 5.692172921967927e-08, S7 = -6.688035109811468e-10;

    // cos(π/2·r) = 1 + C1·r² + C2·r⁴ + …: Cn = (−1)^n·(π/2)^(2n)/(2n)!. The rest is below 3e-18.
    private const double C1 = -1.2337005501361697, C2 = 0.25366950790104803, C3 = -0.02086348076335296, C4 = 0.0009192602748394266,
        C5 = -2.5202042373060607e-05, C6 = 4.710874778818172e-07, C7 = -6.386603083791852e-09, C8 = 6.565963114979473e-11;

    private const double TwoLn2 = 1.3862943611198906;
    private const ulong LeastMantissa = 0x3FE6A09E_00000000; // the bits of √½, rounded down to 21 bits
    private const ulong Fraction = 0x000F_FFFF_FFFF_FFFF;
    private const ulong One = 0x3FF0_0000_0000_0000;         // the bits of 1; with the fraction bits f they mean 1 + f/2^52
    private const ulong TwoTo52 = 0x4330_0000_0000_0000;     // the bits of 2^52; with the fraction bits f they mean 2^52 + f
    private const ulong Sign = 0x8000_0000_0000_0000;
    private const ulong OddQuarter = 0x4000_0000_0000_0000;

    /// <summary>Numbers in the open interval (0, 1): exactly (k + ½)/2^52, where k is the upper 52 bits of a word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Uniform<T>(T words) where T : struct, ILanes<T> => ((words >>> 12) | T.Words(One)) - T.Numbers(1 - 1.0 / (1L << 53));

    /// <summary>√(−2·ln u).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Radius<T>(T u) where T : struct, ILanes<T>
    {
        // u = m·2^e, √½ ≤ m < √2; e + 64 is positive
        var shifted = T.AddWords(u, T.Words(unchecked((64UL << 52) - LeastMantissa)));
        var minusExponent = T.Numbers((1UL << 52) + 64) - ((shifted >>> 52) | T.Words(TwoTo52));
        var mantissa = T.AddWords(shifted & T.Words(Fraction), T.Words(LeastMantissa));
        var s = (mantissa - T.Numbers(1)) / (mantissa + T.Numbers(1));
        var z = s * s;
        var w = z * z;
        var even = (((T.Numbers(L8) * w + T.Numbers(L6)) * w + T.Numbers(L4)) * w + T.Numbers(L2)) * w + T.Numbers(L0);
        var odd = ((T.Numbers(L7) * w + T.Numbers(L5)) * w + T.Numbers(L3)) * w + T.Numbers(L1);
        var s4 = T.Numbers(4) * s;
        return T.Sqrt(minusExponent * T.Numbers(TwoLn2) - (s4 + s4 * (z * (even + z * odd))));
    }

    /// <summary>
    /// The cosine and the sine of 2π·u − π/4 = π/2·(quarter + r), where u is the uniform number of the word. The word's upper two bits are the
    /// quarter, the next fifty are r + ½.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Direction<T>(T words, out T cosine, out T sine) where T : struct, ILanes<T>
    {
        var r = (((words >>> 10) & T.Words(Fraction - 3)) | T.Words(One)) - T.Numbers(1.5 - 1.0 / (1L << 51));
        var z = r * r;
        var w = z * z;
        var sin = r * ((((T.Numbers(S6) * w + T.Numbers(S4)) * w + T.Numbers(S2)) * w + T.Numbers(S0))
            + z * (((T.Numbers(S7) * w + T.Numbers(S5)) * w + T.Numbers(S3)) * w + T.Numbers(S1)));
        var cos = T.Numbers(1) + z * ((((T.Numbers(C7) * w + T.Numbers(C5)) * w + T.Numbers(C3)) * w + T.Numbers(C1))
            + z * (((T.Numbers(C8) * w + T.Numbers(C6)) * w + T.Numbers(C4)) * w + T.Numbers(C2)));
        var odd = words & T.Words(OddQuarter);
        cosine = T.WhereZero(odd, cos, sin) ^ ((words ^ (words << 1)) & T.Words(Sign)); // negative in quarters 1 and 2
        sine = T.WhereZero(odd, sin, cos) ^ (words & T.Words(Sign));                    // negative in quarters 2 and 3
    }

    /// <summary>The two normal numbers of each block's two words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Normals<T>(ref T first, ref T second) where T : struct, ILanes<T>
    {
        var radius = Radius(Uniform(first));
        Direction(second, out var cos, out var sin);
        first = radius * cos;
        second = radius * sin;
    }
}
