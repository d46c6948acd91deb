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
    /// <param name="cancellation">Checked before each step.</param>
    /// <exception cref="ArgumentNullException">An argument is null; thrown by the call, not by the first step.</exception>
    IEnumerable<DenoisingStep> Run(IDenoiser denoiser, INoiseSource noise, CancellationToken cancellation = default);
}
