using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>The space of corrupted tokens, and how they enter the network. A state is a tensor of this space.</summary>
public interface ITokenSpace : IDisposable
{
    /// <summary>The state that sampling starts from: pure noise of the noisiest level, or every token hidden.</summary>
    /// <param name="items">B.</param>
    /// <param name="tokens">N.</param>
    /// <param name="alphaBar">ᾱ of the noisiest level, float64; broadcasts to (B, N).</param>
    /// <param name="noise">The source of randomness.</param>
    Tensor Prior(long items, long tokens, Tensor alphaBar, INoiseSource noise);

    /// <summary>Corrupts clean tokens to a level.</summary>
    /// <param name="tokens">Shape (B, N), int64.</param>
    /// <param name="alphaBar">The state's level, float64; broadcasts to (B, N).</param>
    /// <param name="noise">The source of randomness.</param>
    Tensor Corrupt(Tensor tokens, Tensor alphaBar, INoiseSource noise);

    /// <summary>All that the network sees of a state: shape (B, N, d).</summary>
    /// <param name="state">The state.</param>
    /// <param name="alphaBar">Its level, float64; broadcasts to (B, N).</param>
    Tensor Embed(Tensor state, Tensor alphaBar);

    /// <summary>The mean embedding of predicted tokens, Σ p̂_k·w_k: shape (B, N, d), float32. A network that conditions on its own prediction takes it in.</summary>
    /// <param name="prediction">Scores of the clean entries.</param>
    Tensor Embed(Logits prediction);

    /// <summary>The tokens of a state that are not decided yet: shape (B, N), bool; null in a space where no token is ever decided.</summary>
    Tensor? Open(Tensor state) => null;

    /// <summary>Whether the space still belongs to these weights. A space that keeps nothing computed from the weights always does.</summary>
    /// <param name="weight">W, shape (d, K).</param>
    bool Fits(Tensor weight) => true;
}
