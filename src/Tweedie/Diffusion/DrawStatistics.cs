using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>Mean and variance of several independent draws' predictions, accumulated one draw at a time (Welford 1962).</summary>
internal sealed class DrawStatistics : IDisposable
{
    private Tensor? _mean;
    private Tensor? _squares;

    /// <summary>The number of draws so far.</summary>
    public int Count { get; private set; }

    /// <summary>Adds several draws of each item, side by side: shape (B·draws, N, K) or (B·draws, K).</summary>
    public void Add(Tensor probabilities, int draws)
    {
        using var scope = NewDisposeScope();
        foreach (var draw in probabilities.unflatten(0, [-1, draws]).unbind(1))
            Add(draw);
    }

    /// <summary>Adds one draw's distribution, shape (B, N, K) or (B, K).</summary>
    public void Add(Tensor probabilities)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Count++;
        _mean ??= zeros_like(probabilities).DetachFromDisposeScope();
        _squares ??= zeros_like(probabilities).DetachFromDisposeScope();
        var difference = probabilities - _mean;
        _mean.Increase(difference.Over(Count));
        _squares.Increase(difference * (probabilities - _mean));
    }

    /// <summary>The mean distribution; a new tensor that the caller owns.</summary>
    public Tensor Mean() => (_mean ?? throw new InvalidOperationException("No draw was added.")).clone();

    /// <summary>The unbiased variance between draws, entry by entry; zero for a single draw. A new tensor that the caller owns.</summary>
    public Tensor Variance() =>
        (_squares ?? throw new InvalidOperationException("No draw was added.")).Over(Math.Max(1, Count - 1));

    /// <inheritdoc/>
    public void Dispose()
    {
        _mean?.Dispose();
        _squares?.Dispose();
    }
}
