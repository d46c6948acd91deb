using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>An update rule of the reverse process: a pure function of the state, the network's scores and the levels.</summary>
public interface ISampler
{
    /// <summary>Goes on to the next level.</summary>
    /// <param name="now">The state, and what the network says of it.</param>
    /// <param name="target">The level that the plan goes to; null after the last step, where a sampler with open tokens decides all of them.</param>
    /// <param name="noise">The random numbers of this step.</param>
    /// <returns>
    /// The next state and its levels, which may differ from token to token. Where nothing changed, it is the same state object as that of
    /// <paramref name="now"/>. The process owns both.
    /// </returns>
    Sample Advance(SamplerInput now, NoiseLevels? target, INoiseSource noise);
}

/// <summary>A state and its levels.</summary>
/// <param name="State">A state of the token space.</param>
/// <param name="Levels">The levels of its tokens; null where nothing follows.</param>
public sealed record Sample(Tensor State, NoiseLevels? Levels)
{
    /// <summary>
    /// The tokens that a sampler of Gaussian states has chosen for good, and −1 in place of the open ones: shape (B, N), int64. Tokens that are not open are not
    /// chosen again. Null where all of them are open. The process owns it.
    /// </summary>
    public Tensor? Decided { get; init; }
}
