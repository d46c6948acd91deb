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

    /// <summary>Chooses one entry per token, and tells its probability under softmax(logits).</summary>
    /// <param name="logits">As above.</param>
    /// <param name="noise">As above.</param>
    /// <param name="picked">As above.</param>
    /// <returns>The tokens, and their probabilities of the same shape, float32.</returns>
    (Tensor Tokens, Tensor Probabilities) ChooseWithProbabilities(Logits logits, INoiseSource noise, Tensor? picked = null)
    {
        ArgumentNullException.ThrowIfNull(logits);
        var tokens = Choose(logits, noise, picked);
        return (tokens, logits.ProbabilityOf(tokens));
    }
}
