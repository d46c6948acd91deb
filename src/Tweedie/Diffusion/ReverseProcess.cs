using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// The reverse process of the paper (§3.2, "argmax-and-re-noise") as one lazy stream of steps:
/// predict, guide, to-one, re-noise with less variance. The last step's tokens are returned without noise.
/// </summary>
/// <param name="schedule">The noise schedule.</param>
/// <param name="plan">The timesteps to visit.</param>
/// <param name="toOne">The to-one rule.</param>
/// <param name="guidance">The guidance scale.</param>
/// <param name="stopWhenStable">Stop when all sentences have stayed the same for this many steps; 0 runs the whole plan, as does the control.</param>
/// <param name="end">The token that ends a sentence, for <paramref name="stopWhenStable"/>; null counts all tokens.</param>
public sealed class ReverseProcess(
    NoiseSchedule schedule, SamplingPlan plan, IToOne toOne, Guidance guidance, int stopWhenStable = 0, long? end = null)
{
    /// <summary>Denoises from pure noise.</summary>
    /// <param name="denoiser">The network with its condition.</param>
    /// <param name="generator">The source of all noise and draws, on the denoiser's device.</param>
    /// <param name="cancellation">Checked before each step.</param>
    public IEnumerable<DenoisingStep> Run(IDenoiser denoiser, Generator generator, CancellationToken cancellation = default)
    {
        var count = plan.Timesteps.Count;
        using var stability = new Stability(plan.NoiseOnly ? 0 : stopWhenStable, end);
        var state = Unscoped.Compute(() => denoiser.Noise(generator));
        try
        {
            for (var index = 0; index < count; index++)
            {
                cancellation.ThrowIfCancellationRequested();
                var timestep = plan.Timesteps[index];
                using var logits = Unscoped.Compute(() => denoiser.Predict(state, timestep, guidance.ScaleAt(index, count)));
                using var choice = new Choice(() => toOne.Choose(logits, generator));
                if (toOne.IsRandom)
                    _ = choice.Tokens; // the random numbers that follow must not depend on who looks
                var isLast = index + 1 == count || stability.IsReachedBy(choice);
                yield return new DenoisingStep(index, count, timestep, schedule.AlphaBar[timestep], logits, choice) { IsLast = isLast };

                if (isLast)
                    yield break;
                var next = plan.Timesteps[index + 1];
                state.Dispose();
                state = Unscoped.Compute(() => plan.NoiseOnly
                    ? denoiser.Noise(generator)
                    : denoiser.Corrupt(choice.Tokens, schedule.AlphaBar[next], generator));
            }
        }
        finally
        {
            state.Dispose();
        }
    }
}
