using TorchSharp;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>
/// What each token of a row counts in the loss: less behind the end token, where there is nothing to say but that nothing is left to say.
/// </summary>
internal static class PaddingWeights
{
    /// <param name="tokens">Shape (B, N), int64.</param>
    /// <param name="end">The end token.</param>
    /// <param name="weight">The weight behind the first end token.</param>
    /// <returns>Shape (B, N), float32.</returns>
    public static Tensor Of(Tensor tokens, long end, double weight)
    {
        using var scope = NewDisposeScope();
        var ends = tokens.Is(end).to(int64);
        var isPadding = (ends.cumsum(1) - ends).to(@bool);
        using Scalar padding = weight;
        return ones(tokens.shape, float32, tokens.device).masked_fill(isPadding, padding).MoveToOuterDisposeScope();
    }
}
