using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>A denoising network bound to its condition, as the reverse process sees it.</summary>
public interface IDenoiser
{
    /// <summary>The space of the states that it takes; it belongs to the denoiser.</summary>
    ITokenSpace Space { get; }

    /// <summary>B, the trajectories that are denoised side by side.</summary>
    long Items { get; }

    /// <summary>N, the tokens of an item.</summary>
    long Tokens { get; }

    /// <summary>Whether the network takes in its own prediction of the step before (self-conditioning, Chen et al. 2023).</summary>
    bool TakesPrevious => false;

    /// <summary>The network's guided output for a state.</summary>
    /// <param name="state">A state of <see cref="Space"/>.</param>
    /// <param name="levels">Its levels; the network is told <see cref="NoiseLevels.Told"/>.</param>
    /// <param name="guidance">The guidance scale of this step; 1 needs no unconditional pass.</param>
    /// <param name="previous">
    /// The mean embedding of the step before's prediction (<see cref="ITokenSpace.Embed(Logits)"/>), shape (B, N, d), if there was one and the network takes it.
    /// </param>
    /// <returns>K outputs for each of (B, N) tokens. The process knows their meaning; their hidden state belongs to the caller's dispose scope.</returns>
    Logits Predict(Tensor state, NoiseLevels levels, double guidance, Tensor? previous = null);
}
