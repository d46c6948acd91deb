using Tweedie.Diffusion;
using static TorchSharp.torch;

namespace Tweedie.Networks;

/// <summary>
/// A <see cref="Denoiser"/> bound to the condition of B items. The condition is prepared once, for every step and every draw.
/// </summary>
public sealed class ConditionedDenoiser : ICausalDenoiser, IDisposable
{
    private readonly Denoiser _network;
    private readonly PreparedCondition _condition;
    private readonly EmbeddingMemory _embedding;

    /// <summary>Binds the network to condition tokens.</summary>
    /// <param name="network">The network; its weights must not change while it is bound.</param>
    /// <param name="condition">Condition tokens, shape (B, M, width of the encoder).</param>
    /// <param name="space">The space of the states; the caller disposes of it.</param>
    /// <param name="draws">Independent trajectories of each item, side by side: the states then hold B·draws items.</param>
    /// <exception cref="ArgumentException">The condition has another shape or element type, or there are no draws.</exception>
    public ConditionedDenoiser(Denoiser network, Tensor condition, ITokenSpace space, int draws = 1)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(space);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        TensorArguments.CheckReal(condition, nameof(condition), ("B", null), ("M", null), ("width of the encoder", network.ConditionWidth));
        using var noGrad = no_grad();
        (_network, Space) = (network, space);
        _embedding = new EmbeddingMemory(space);
        _condition = new PreparedCondition(network, condition, draws);
    }

    /// <inheritdoc/>
    public ITokenSpace Space { get; }

    /// <inheritdoc/>
    public long Items => _condition.Items;

    /// <inheritdoc/>
    public long Tokens => _network.Tokens;

    /// <inheritdoc/>
    public bool TakesPrevious => _network.TakesPrevious;

    /// <inheritdoc/>
    public Logits Predict(Tensor state, NoiseLevels levels, double guidance, Tensor? previous = null)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var embedded = _embedding.Embed(state, levels.State);
        var hidden = _condition.Guide(context => _network.Hidden(embedded, levels.Told, context, previous), guidance);
        return _network.Project(hidden.MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    ICausalPass ICausalDenoiser.Begin(int rows) => !_network.IsCausal ? throw new InvalidOperationException("A token of this network sees the tokens behind it.")
        : new CausalPass(_network, _condition, Space, rows);

    /// <inheritdoc/>
    public void Dispose()
    {
        _condition.Dispose();
        _embedding.Dispose();
    }
}
