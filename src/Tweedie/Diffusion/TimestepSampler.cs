using TorchSharp;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// Draws training timesteps from a density. The R copies of an item are stratified: copy r draws from the r-th of R equal slices of probability,
/// which leaves each timestep's probability as it was and lowers the variance of the gradient.
/// </summary>
internal sealed class TimestepSampler
{
    // The levels of an item whose tokens have levels of their own: a share of its tokens, uniform from item to item, is clean, and the others are noisy. As
    // shares of the density, clean tokens lie below Clean, and noisy tokens at 1 − Noisy·u^NoisyExponent, the most of them close to the noisiest level.
    private const double Clean = 0.3;
    private const double Noisy = 0.6;
    private const double NoisyExponent = 1.5;

    // The spread of staggered levels, from item to item between this and 1.
    private const double LeastSpread = 0.5;

    private readonly Func<TimeDensity> _density;
    private readonly double _tokenLevels;
    private readonly LevelPattern _pattern;

    /// <summary>Creates a sampler.</summary>
    /// <param name="density">The density of t.</param>
    /// <param name="tokenLevels">Share of the items whose tokens have levels of their own.</param>
    /// <param name="pattern">The levels of those items.</param>
    public TimestepSampler(TimeDensity density, double tokenLevels = 0, LevelPattern pattern = LevelPattern.Scattered) : this(() => density, tokenLevels, pattern) { }

    /// <summary>Creates a sampler whose density may change.</summary>
    /// <param name="density">Gives the density of t.</param>
    /// <param name="tokenLevels">Share of the items whose tokens have levels of their own.</param>
    /// <param name="pattern">The levels of those items.</param>
    public TimestepSampler(Func<TimeDensity> density, double tokenLevels = 0, LevelPattern pattern = LevelPattern.Scattered) =>
        (_density, _tokenLevels, _pattern) = (density, tokenLevels, pattern);

    /// <summary>Draws timesteps for <paramref name="items"/> items of <paramref name="copies"/> copies each.</summary>
    /// <param name="items">B.</param>
    /// <param name="copies">R.</param>
    /// <param name="tokens">N.</param>
    /// <param name="device">Where the tensor is.</param>
    /// <returns>Shape (items · copies, 1), int64, the copies of an item side by side; (items · copies, N) where tokens may have levels of their own.</returns>
    public Tensor Draw(int items, int copies, int tokens, Device device)
    {
        using var scope = NewDisposeScope();
        var uniform = rand([items, copies], float64, device);
        var shares = TensorArithmetic.Counting(copies, float64, device).Plus(uniform).Over(copies).view(-1, 1);
        if (_tokenLevels > 0)
            shares = where(rand([items * copies, 1], float64, device).IsBelow(_tokenLevels), _pattern == LevelPattern.Scattered ? Scattered(shares, tokens) : Staggered(shares, tokens), shares);
        return Timesteps(shares).MoveToOuterDisposeScope();
    }

    // The item's number, which would be its level, is the share of its tokens that are clean.
    private static Tensor Scattered(Tensor cleanShare, int tokens)
    {
        using Scalar exponent = NoisyExponent;
        var isClean = rand([cleanShare.shape[0], tokens], float64, cleanShare.device) < cleanShare;
        var place = rand([cleanShare.shape[0], tokens], float64, cleanShare.device);
        return where(isClean, place.Times(Clean), place.pow(exponent).Times(Noisy).SubtractedFrom(1));
    }

    // The item's number, which would be its level, is the time: the token whose place in the order is ρ begins at spread·ρ (Stagger). Clean is the share 0, all noise 1.
    private Tensor Staggered(Tensor time, int tokens)
    {
        var items = time.shape[0];
        var ranks = _pattern == LevelPattern.LeftToRight ? TensorArithmetic.Counting(tokens, float64, time.device).view(1, -1)
            : rand([items, tokens], float64, time.device).argsort(1).to(float64);
        var spread = rand([items, 1], float64, time.device).Times(1 - LeastSpread).Plus(LeastSpread);
        using Scalar none = 0, all = 1;
        var passed = (time - spread * ranks.Plus(1).Over(tokens)) / spread.SubtractedFrom(1);
        return passed.clamp(none, all).SubtractedFrom(1);
    }

    private Tensor Timesteps(Tensor shares)
    {
        var cumulative = _density().Cumulative;
        using Scalar last = cumulative.Count - 1;
        return searchsorted(tensor(cumulative.ToArray(), device: shares.device), shares.contiguous(), right: true).clamp(max: last);
    }
}
