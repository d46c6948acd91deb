using TorchSharp;
using Tweedie.Diffusion.Masked;
using Tweedie.Networks;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>
/// The training loss of masked diffusion from an encoded batch: as <see cref="DiffusionLoss"/>, with a time and hidden tokens for each copy of
/// an image. Only the hidden tokens are projected to the vocabulary. All randomness comes from torch's global generator.
/// </summary>
/// <param name="training">The training.</param>
public sealed class MaskedLoss(TrainingOptions training)
{
    /// <summary>The mean loss of a batch.</summary>
    /// <param name="denoiser">The diffusion blocks.</param>
    /// <param name="condition">Condition tokens, shape (B, M, width of the encoder).</param>
    /// <param name="tokens">Clean tokens x0, shape (B, N), int64.</param>
    /// <param name="tokenWeights">What each token counts in the loss, shape (B, N); 1 if null.</param>
    /// <returns>A scalar: the hidden tokens' losses over t, summed over N, averaged over B. Float32.</returns>
    public Tensor Compute(Denoiser denoiser, Tensor condition, Tensor tokens, Tensor? tokenWeights = null)
    {
        using var scope = NewDisposeScope();
        var copies = training.Reuse;
        var kept = denoiser.DropCondition(condition, training.ConditionDropout);
        var context = denoiser.Prepare(kept);

        var clean = tokens.repeat_interleave(copies, 0); // (B·R, N)
        var times = LogLinearMasking.Times(rand(clean.shape[0], float32, clean.device));
        var hidden = LogLinearMasking.Hidden(rand(clean.shape, float32, clean.device), times);
        using Scalar mask = denoiser.Classes;
        var states = MaskedInput.Hidden(denoiser, clean.masked_fill(hidden, mask), context);

        if (!hidden.any().item<bool>())
            return states.sum().Times(0.0).MoveToOuterDisposeScope(); // no loss, but gradients for the optimiser
        Tensor OfHidden(Tensor values) => values.masked_select(hidden).unsqueeze(0);
        var logits = denoiser.Project(states[hidden].unsqueeze(0));
        var weights = tokenWeights is null ? null : OfHidden(tokenWeights.repeat_interleave(copies, 0));
        var sum = MaskedObjective.Sum(logits, OfHidden(clean), OfHidden(times.unsqueeze(1).expand_as(hidden)), weights, training.LabelSmoothing);
        return sum.Over(clean.shape[0]).MoveToOuterDisposeScope();
    }
}
