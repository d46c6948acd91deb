using Tweedie.Diffusion;
using Tweedie.Networks;
using Tweedie.Platform;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>
/// The training loss of a diffusion process from an encoded batch (paper §3.2–3.4): drop some conditions, prepare each image's condition once,
/// repeat it R times, draw a level and noise for each copy, denoise, compare with the clean tokens.
/// All randomness comes from torch's global generator.
/// </summary>
/// <param name="process">The diffusion process, with its objective.</param>
/// <param name="copies">R, how often an image's features are reused.</param>
/// <param name="conditionDropout">Share of images that train the null condition.</param>
public sealed class DiffusionLoss(DiffusionProcess process, int copies = 1, double conditionDropout = 0)
{
    /// <summary>The mean loss of a batch.</summary>
    /// <param name="denoiser">The diffusion blocks.</param>
    /// <param name="condition">Condition tokens, shape (B, M, width of the encoder).</param>
    /// <param name="tokens">Clean tokens, shape (B, N), int64.</param>
    /// <param name="tokenWeights">What each token counts in the loss, shape (B, N); 1 if null.</param>
    /// <returns>A scalar, float32.</returns>
    public Tensor Compute(Denoiser denoiser, Tensor condition, Tensor tokens, Tensor? tokenWeights = null)
    {
        using var scope = NewDisposeScope();
        var kept = denoiser.DropCondition(condition, conditionDropout);
        var context = denoiser.Prepare(kept);

        var clean = tokens.repeat_interleave(copies, 0); // (B·R, N)
        var levels = process.DrawLevels((int)tokens.shape[0], copies, tokens.device);
        using var space = CreateSpace(denoiser, clean);
        var corruption = process.Corrupt(space, clean, levels, new TorchNoise(tokens.device));

        var output = denoiser.Project(denoiser.Hidden(space.Embed(corruption.State), levels.Told, context));
        return process.Loss(output, clean, corruption, tokenWeights?.repeat_interleave(copies, 0)).MoveToOuterDisposeScope();
    }

    // Cholesky factors need full precision.
    private ITokenSpace CreateSpace(Denoiser denoiser, Tensor tokens)
    {
        using (Autocast.Disabled(tokens.device))
            return process.CreateSpace(denoiser.Embedding.Weight, tokens.numel());
    }
}
