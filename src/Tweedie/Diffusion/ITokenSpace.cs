using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>The space of corrupted tokens, and how they enter the network. A state is a tensor of this space.</summary>
public interface ITokenSpace : IDisposable
{
    /// <summary>The state that sampling starts from: pure noise, or every token hidden.</summary>
    /// <param name="items">B.</param>
    /// <param name="tokens">N.</param>
    /// <param name="noise">The source of randomness.</param>
    Tensor Prior(long items, long tokens, INoiseSource noise);

    /// <summary>Corrupts clean tokens to a level.</summary>
    /// <param name="tokens">Shape (B, N), int64.</param>
    /// <param name="alphaBar">The state's level, float64; broadcasts to (B, N).</param>
    /// <param name="noise">The source of randomness.</param>
    Tensor Corrupt(Tensor tokens, Tensor alphaBar, INoiseSource noise);

    /// <summary>All that the network sees of a state: shape (B, N, d).</summary>
    Tensor Embed(Tensor state);

    /// <summary>The tokens of a state that are not decided yet: shape (B, N), bool; null in a space where no token is ever decided.</summary>
    Tensor? Open(Tensor state) => null;

    /// <summary>Whether the space still belongs to these weights. A space that keeps nothing computed from the weights always does.</summary>
    /// <param name="weight">W, shape (d, K).</param>
    bool Fits(Tensor weight) => true;
}
