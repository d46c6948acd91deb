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
        var state = Detached(denoiser.AllMasked);
        Logits? logits = null;
        Tensor? tokens = null, hidden = null;
        var scale = double.NaN; // of the logits
        try
        {
            for (var index = 0; index < steps; index++)
            {
                cancellation.ThrowIfCancellationRequested();
                var (time, next) = (1 - (double)index / steps, 1 - (index + 1.0) / steps);
                if (guidance.ScaleAt(index, steps) is var wanted && scale != wanted)
                {
                    logits?.Dispose();
                    logits = Predict(denoiser, state, wanted);
                    scale = wanted;
                }
                var revealed = Detached(() => rule.Reveal(state, logits!, denoiser.Mask, time, next, generator));
                if (Differ(state, revealed))
                    scale = double.NaN; // where nothing appears, the network would say the same again
                state.Dispose();
                state = revealed;
                hidden = Detached(() => state == denoiser.Mask);
                tokens = Detached(() => where(hidden, ToOne.Argmax.Choose(logits!, generator), state));
                yield return new DenoisingStep(index, steps, (int)Math.Round(time * TimestepScale), 1 - time, logits!, tokens) { Hidden = hidden };

                hidden.Dispose();
                tokens.Dispose();
            }
        }
        finally
        {
            state.Dispose();
            logits?.Dispose();
            hidden?.Dispose();
            tokens?.Dispose();
        }
    }

    private static Logits Predict(IMaskedDenoiser denoiser, Tensor state, double scale)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return denoiser.Predict(state, scale).DetachFromDisposeScope();
    }

    private static bool Differ(Tensor before, Tensor after)
    {
        using var scope = NewDisposeScope();
        return (before != after).any().item<bool>();
    }

    // The consumer's dispose scopes open and close between steps, so a step's tensors belong to no scope.
    private static Tensor Detached(Func<Tensor> compute)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return compute().DetachFromDisposeScope();
    }
}
