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
    /// <param name="cancellation">Checked before each pass of the network.</param>
    /// <exception cref="ArgumentException">The tokens have another shape or element type, or the space is not of this process.</exception>
    LikelihoodTerms Estimate(IDenoiser denoiser, Tensor tokens, INoiseSource noise, CancellationToken cancellation = default);
}
