using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>The tokens of a step, chosen when they are first asked for: where nobody asks, the vocabulary is not projected.</summary>
/// <param name="choose">Chooses the tokens, shape (B, N), int64.</param>
public sealed class Choice(Func<Tensor> choose) : IDisposable
{
    private readonly Lazy<Tensor> _tokens = new(() => Unscoped.Compute(choose));

    /// <summary>The tokens, shape (B, N), int64; they belong to this object.</summary>
    public Tensor Tokens => _tokens.Value;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_tokens.IsValueCreated)
            _tokens.Value.Dispose();
    }
}
