using Tweedie.Diffusion;
using Tweedie.Networks;
using Tweedie.Platform;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>
/// The training loss of TDD from an encoded batch (paper §3.2–3.4): drop some conditions, prepare each image's condition once,
/// repeat it R times, draw a timestep and noise for each copy, denoise, compare with the clean tokens.
/// All randomness comes from torch's global generator.
/// </summary>
public sealed class DiffusionLoss
{
    private readonly TrainingOptions _training;
    private readonly DiffusionOptions _diffusion;
    private readonly TimestepSampler _timestepSampler;
    private readonly TrainingObjective _objective;
    private readonly double[] _alphaBar; // double precision keeps the digits of 1−ᾱ_t near 1

    /// <summary>Creates the loss for a diffusion process and a training.</summary>
    /// <exception cref="TweedieException">The training's log-SNR window holds no timestep of the schedule.</exception>
    public DiffusionLoss(TrainingOptions training, DiffusionOptions diffusion)
    {
        (_training, _diffusion) = (training, diffusion);
        var schedule = NoiseSchedule.Create(diffusion);
        _timestepSampler = new TimestepSampler(schedule, training.Timesteps, training.LogSnrMin, training.LogSnrMax);
        _objective = new TrainingObjective(diffusion.Prediction, training.Coefficient, training.LabelSmoothing, diffusion.Scale);
        _alphaBar = [.. schedule.AlphaBar];
    }

    /// <summary>The mean loss of a batch.</summary>
    /// <param name="denoiser">The diffusion head.</param>
    /// <param name="condition">Condition tokens, shape (B, M, width of the encoder).</param>
    /// <param name="tokens">Clean tokens y0, shape (B, N), int64.</param>
    /// <param name="tokenWeights">What each token counts in the loss, shape (B, N); 1 if null.</param>
    /// <returns>A scalar, float32.</returns>
    public Tensor Compute(Denoiser denoiser, Tensor condition, Tensor tokens, Tensor? tokenWeights = null)
    {
        using var scope = NewDisposeScope();
        var copies = _training.Reuse;
        var kept = denoiser.DropCondition(condition, _training.ConditionDropout);
        var context = denoiser.Prepare(kept);

        var clean = tokens.repeat_interleave(copies, 0); // (B·R, N)
        var timesteps = _timestepSampler.Draw((int)tokens.shape[0], copies, tokens.device);
        var signal = tensor(_alphaBar, device: tokens.device).index_select(0, timesteps);
        using var space = Space(denoiser, clean);
        var noise = space.Noise(clean.shape[0], clean.shape[1]);
        var noisy = ForwardProcess.Corrupt(space.Clean(clean), noise, signal, _diffusion.Scale);

        var output = denoiser.Project(denoiser.Hidden(space.Embed(noisy), timesteps, context));
        return _objective.Loss(output, clean, signal, tokenWeights?.repeat_interleave(copies, 0), noise).MoveToOuterDisposeScope();
    }

    // Cholesky factors need full precision.
    private ITokenSpace Space(Denoiser denoiser, Tensor tokens)
    {
        using (Autocast.Disabled(tokens.device))
            return denoiser.Embedding.Space(_diffusion.Prediction, tokens.numel());
    }
}
