namespace Tweedie.Diffusion;

/// <summary>
/// A way from nothing to tokens, as one lazy stream of steps: <see cref="ReverseProcess"/> for diffusion; <see cref="AutoregressiveProcess"/> has its own. It holds
/// no tensors and may be run as often as you like.
/// </summary>
public interface IReverseProcess
{
    /// <summary>Denoises from the prior.</summary>
    /// <param name="denoiser">The network with its condition.</param>
    /// <param name="noise">The source of all noise and draws, on the denoiser's device.</param>
    /// <param name="constraint">What is known of the rows; null where nothing is. The caller disposes of it, after the stream.</param>
    /// <param name="cancellation">Checked before each step.</param>
    /// <exception cref="ArgumentNullException">An argument is null; thrown by the call, not by the first step.</exception>
    /// <exception cref="ArgumentException">The constraint is for another number of rows or tokens.</exception>
    IEnumerable<DenoisingStep> Run(IDenoiser denoiser, INoiseSource noise, TokenConstraint? constraint = null, CancellationToken cancellation = default);
}
