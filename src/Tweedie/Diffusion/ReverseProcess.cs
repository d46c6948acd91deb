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
/// <param name="stopWhenStable">Stop when all tokens have stayed the same for this many steps; 0 runs the whole plan, as does the control.</param>
public sealed class ReverseProcess(NoiseSchedule schedule, SamplingPlan plan, IToOne toOne, Guidance guidance, int stopWhenStable = 0)
{
    private readonly int _patience = plan.NoiseOnly ? 0 : stopWhenStable;

    /// <summary>Denoises from pure noise.</summary>
    /// <param name="denoiser">The network with its condition.</param>
    /// <param name="generator">The source of all noise and draws, on the denoiser's device.</param>
    /// <param name="cancellation">Checked before each step.</param>
    public IEnumerable<DenoisingStep> Run(IDenoiser denoiser, Generator generator, CancellationToken cancellation = default)
    {
        var count = plan.Timesteps.Count;
        var state = WithoutGrad(() => denoiser.Noise(generator));
        Logits? logits = null;
        Tensor? tokens = null, before = null;
        var stable = 0;
        try
        {
            for (var index = 0; index < count; index++)
            {
                cancellation.ThrowIfCancellationRequested();
                var timestep = plan.Timesteps[index];
                var scale = guidance.ScaleAt(index, count);
                logits = Predict(denoiser, state, timestep, scale);
                tokens = WithoutGrad(() => toOne.Choose(logits, generator));
                stable = before is not null && Same(tokens, before) ? stable + 1 : 0;
                before?.Dispose();
                before = null;
                var isLast = index + 1 == count || (_patience > 0 && stable >= _patience);
                yield return new DenoisingStep(index, count, timestep, schedule.AlphaBar[timestep], logits, tokens) { IsLast = isLast };

                state.Dispose();
                if (!isLast)
                    state = WithoutGrad(() => plan.NoiseOnly
                        ? denoiser.Noise(generator)
                        : denoiser.Corrupt(tokens, schedule.AlphaBar[plan.Timesteps[index + 1]], generator));
                logits.Dispose();
                if (_patience > 0)
                    before = tokens;
                else
                    tokens.Dispose();
                tokens = null;
                if (isLast)
                    yield break;
            }
        }
        finally
        {
            state.Dispose();
            logits?.Dispose();
            tokens?.Dispose();
            before?.Dispose();
        }
    }

    private static bool Same(Tensor tokens, Tensor before)
    {
        using var scope = NewDisposeScope();
        return tokens.eq(before).all().item<bool>();
    }

    private static Logits Predict(IDenoiser denoiser, Tensor state, int timestep, double scale)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return denoiser.Predict(state, timestep, scale).DetachFromDisposeScope();
    }

    // The consumer's dispose scopes open and close between steps, so a step's tensors belong to no scope.
    private static Tensor WithoutGrad(Func<Tensor> compute)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return compute().DetachFromDisposeScope();
    }
}
