using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// The terms of a bound of −log p of B items, in nats: each of shape (B, N), float64. Their sum over an item bounds its −log p. A single token's share is part of that sum;
/// only in an autoregressive model is it a −log p itself, that of the token given those before it.
/// </summary>
/// <param name="Start">What it costs that sampling starts from noise that knows nothing of the tokens.</param>
/// <param name="Path">What the steps from the noisiest to the cleanest level cost.</param>
/// <param name="End">−log p of the tokens given the state at the cleanest level.</param>
public sealed record LikelihoodTerms(Tensor Start, Tensor Path, Tensor End) : IDisposable
{
    /// <summary>The sum of the terms: shape (B, N), float64; a new tensor that the caller owns.</summary>
    public Tensor Nats()
    {
        using var scope = NewDisposeScope();
        return Start.Plus(Path).Plus(End).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Start.Dispose();
        Path.Dispose();
        End.Dispose();
    }
}
