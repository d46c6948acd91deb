using TorchSharp;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>
/// The weight of each token of a row in the loss. Tokens behind the end token weigh less, because they only say that the caption has ended.
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
