using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>The "to one" operation of sampling (paper A.2): from scores over K entries to one entry a token.</summary>
public interface IToOne
{
    /// <summary>Whether a choice takes random numbers.</summary>
    bool IsRandom { get; }

    /// <summary>Chooses one entry a token.</summary>
    /// <param name="logits">Scores of K entries for (B, N) tokens.</param>
    /// <param name="generator">The source of randomness on the logits' device.</param>
    /// <returns>Tokens, shape (B, N), int64.</returns>
    Tensor Choose(Logits logits, Generator generator);
}
