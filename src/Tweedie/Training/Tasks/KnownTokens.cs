using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>Draws which tokens of training rows are known from the start, from torch's global generator.</summary>
internal static class KnownTokens
{
    /// <summary>Shape (rows, N), bool.</summary>
    /// <param name="shares">How often each pattern is drawn.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="tokens">N.</param>
    /// <param name="device">Where the result is.</param>
    public static Tensor Draw(KnownTokensOptions shares, long rows, long tokens, Device device)
    {
        using var scope = NewDisposeScope();
        Tensor Uniform() => rand([rows, 1], float32, device);
        Tensor UpTo(Tensor largest) => (Uniform() * largest).floor(); // 0 … largest − 1
        var places = TensorArithmetic.Counting(tokens, float32, device).unsqueeze(0);
        var all = TensorArithmetic.Filled([rows, 1], tokens, float32, device);
        var kind = Uniform();

        var prefix = places < UpTo(all.Plus(-1)).Plus(1);
        var gap = UpTo(all.Plus(-1)).Plus(1);
        var start = UpTo(all.Plus(1) - gap);
        var aroundGap = (places < start).logical_or(places >= start.Plus(gap));
        var scattered = rand([rows, tokens], float32, device) < Uniform();

        Tensor OfShare(double from, double share, Tensor pattern) =>
            kind.IsBelow(from).logical_not().logical_and(kind.IsBelow(from + share)).logical_and(pattern);
        return OfShare(0, shares.Prefix, prefix)
            .logical_or(OfShare(shares.Prefix, shares.Gap, aroundGap))
            .logical_or(OfShare(shares.Prefix + shares.Gap, shares.Scattered, scattered)).MoveToOuterDisposeScope();
    }
}
