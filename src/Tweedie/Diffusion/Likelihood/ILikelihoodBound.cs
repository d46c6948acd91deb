using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// An upper bound of −log p of tokens under a denoiser and a diffusion process, in nats, or −log p itself. It is of the tokens as they are: without guidance,
/// temperature, label smoothing or weights of tokens.
/// </summary>
public interface ILikelihoodBound
{
    /// <summary>The levels that are drawn for each item; 0 where −log p is exact.</summary>
    int Draws { get; }

    /// <summary>An estimate for each of B items whose mean over the noise is the bound.</summary>
    /// <param name="denoiser">The network, bound to its condition, for B items of N tokens. It must see of a state only what its space embeds.</param>
    /// <param name="tokens">The tokens, shape (B, N), int64.</param>
    /// <param name="noise">The source of randomness.</param>
    /// <param name="known">
    /// Which tokens are known, shape (B, N), bool: the terms of the others are then of −log p of them given the known ones, and those of the known ones are 0. In an
    /// autoregressive model they are of each token given those before it, known or not, and not given those behind it. Null where nothing is known.
    /// </param>
    /// <param name="cancellation">Checked before each pass of the network.</param>
    /// <exception cref="ArgumentException">The tokens have another shape or element type, or the space is not of this process.</exception>
    /// <exception cref="TweedieException">The network was not trained to see known tokens among noisy ones.</exception>
    LikelihoodTerms Estimate(IDenoiser denoiser, Tensor tokens, INoiseSource noise, Tensor? known = null, CancellationToken cancellation = default);
}
