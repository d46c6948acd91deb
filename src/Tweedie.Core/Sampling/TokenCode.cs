namespace Tweedie.Sampling;

/// <summary>How well tokens can be told apart by their noisy states.</summary>
/// <param name="Classes">K.</param>
/// <param name="Height">
/// The height of the hot entry that counts. It is s in K dimensions. W leads K dimensions into d, and keeps the share d/K of a token's SNR on average
/// (<c>docs/samplers.md</c>), so it is s·√(d/K) where K is larger than d.
/// </param>
public sealed record TokenCode(long Classes, double Height = 1)
{
    /// <summary>The code of tokens that are embedded by W.</summary>
    /// <param name="classes">K.</param>
    /// <param name="width">d.</param>
    /// <param name="scale">s.</param>
    public static TokenCode Of(long classes, long width, double scale = 1) => new(classes, scale * Math.Sqrt(Math.Min(1, (double)width / classes)));
}
