using static TorchSharp.torch;

namespace Tweedie.Diffusion.Masked;

/// <summary>
/// The reverse process of masked diffusion as the same lazy stream of steps as <see cref="ReverseProcess"/>: from all tokens hidden
/// (t = 1) to none (t = 0) in equal steps of time.
/// </summary>
/// <param name="steps">Number of steps, at least 1.</param>
/// <param name="rule">Which tokens appear, and as what.</param>
/// <param name="guidance">Guidance on the logits.</param>
public sealed class UnmaskingProcess(int steps, IUnmasking rule, Guidance guidance)
{
    private const int TimestepScale = 999; // steps tell t as diffusion over 1000 timesteps does

    /// <summary>Unmasks, beginning with every token hidden.</summary>
    /// <param name="denoiser">The network with its condition.</param>
    /// <param name="generator">The source of all draws, on the denoiser's device.</param>
    /// <param name="cancellation">Checked before each step.</param>
    public IEnumerable<DenoisingStep> Run(IMaskedDenoiser denoiser, Generator generator, CancellationToken cancellation = default)
    {
        var state = Unscoped.Compute(denoiser.AllMasked);
        Logits? logits = null;
        var scale = 0.0; // of the logits
        var isDone = false;
        try
        {
            for (var index = 0; index < steps; index++)
            {
                cancellation.ThrowIfCancellationRequested();
                var (time, next) = (1 - (double)index / steps, 1 - (index + 1.0) / steps);
                if (logits is null || scale != guidance.ScaleAt(index, steps))
                {
                    logits?.Dispose();
                    scale = guidance.ScaleAt(index, steps);
                    logits = Unscoped.Compute(() => denoiser.Predict(state, scale));
                }
                var (before, scores) = (state, logits);
                state = Unscoped.Compute(() => isDone ? before.clone() : rule.Reveal(before, scores, denoiser.Mask, time, next, generator));
                var hasChanged = Any(() => before != state);
                before.Dispose();
                using var hidden = Unscoped.Compute(() => state.Is(denoiser.Mask));
                isDone = !Any(() => hidden);
                using var choice = new Choice(() => isDone ? state.clone() : Guess(state, hidden, scores, generator));
                yield return new DenoisingStep(index, steps, (int)Math.Round(time * TimestepScale), 1 - time, logits, choice) { Hidden = hidden };

                if (hasChanged) // else the network would say the same again
                {
                    logits.Dispose();
                    logits = null;
                }
            }
        }
        finally
        {
            state.Dispose();
            logits?.Dispose();
        }
    }

    // The visible tokens, and what the hidden ones would be now.
    private static Tensor Guess(Tensor state, Tensor hidden, Logits logits, Generator generator) =>
        state.masked_scatter(hidden, ToOne.Argmax.Choose(logits.At(hidden), generator));

    private static bool Any(Func<Tensor> condition)
    {
        using var scope = NewDisposeScope();
        return condition().any().item<bool>();
    }
}
