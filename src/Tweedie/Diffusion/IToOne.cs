using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>The "to one" operation of sampling (paper A.2): from scores over K entries to one entry per token.</summary>
public interface IToOne
{
    /// <summary>Whether a choice uses random numbers.</summary>
    bool IsRandom { get; }

    /// <summary>Chooses one entry per token.</summary>
    /// <param name="logits">Scores of K entries for (B, N) tokens.</param>
    /// <param name="noise">The source of randomness.</param>
    /// <param name="picked">
    /// Which tokens the logits belong to, where they are those of some tokens only (<see cref="Logits.At"/>): shape (B, N), bool. Else null.
    /// </param>
    /// <returns>Tokens, of the shape of the logits' (B, N), int64.</returns>
    Tensor Choose(Logits logits, INoiseSource noise, Tensor? picked = null);
}
