using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>The input of a sampler's step. The process owns it.</summary>
public sealed class SamplerInput : IDisposable
{
    private readonly IToOne _toOne;
    private readonly INoiseSource _noise;
    private readonly Lazy<Tensor> _tokens;

    internal SamplerInput(ITokenSpace space, Tensor state, NoiseLevels levels, Logits scores, IToOne toOne, INoiseSource noise)
    {
        (Space, State, Levels, Scores, _toOne, _noise) = (space, state, levels, scores, toOne, noise);
        Open = Unscoped.ComputeOptional(() => space.Open(state));
        _tokens = new(() => Unscoped.Compute(Choose));
        if (toOne.IsRandom)
            _ = Tokens; // the random numbers that follow must not depend on whether the tokens are read
    }

    /// <summary>The space of the state.</summary>
    public ITokenSpace Space { get; }

    /// <summary>The state that the network saw.</summary>
    public Tensor State { get; }

    /// <summary>The levels of the state.</summary>
    public NoiseLevels Levels { get; }

    /// <summary>The scores of the clean entries, guided: of K entries for (B, N) tokens.</summary>
    public Logits Scores { get; }

    /// <summary>The tokens of the state that are not decided yet, shape (B, N), bool; null in a space where no token is ever decided.</summary>
    public Tensor? Open { get; }

    /// <summary>
    /// ŷ0: the entry that the to-one rule chooses for each open token, and the decided tokens as they are; shape (B, N), int64. They are chosen when first
    /// asked for; if nobody asks, the vocabulary is not projected.
    /// </summary>
    public Tensor Tokens => _tokens.Value;

    /// <inheritdoc/>
    public void Dispose()
    {
        Open?.Dispose();
        if (_tokens.IsValueCreated)
            _tokens.Value.Dispose();
    }

    private Tensor Choose()
    {
        if (Open is null)
            return _toOne.Choose(Scores, _noise);
        return Open.any().item<bool>() ? State.masked_scatter(Open, _toOne.Choose(Scores.At(Open), _noise, Open)) : State.alias();
    }
}
