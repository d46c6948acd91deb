using TorchSharp;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// Lets tokens go to lower noise one after the other by the steps of another sampler. A token whose place in the order is ρ (1/N for the first, 1 for
/// the last) begins at time spread·ρ of 1 and takes the time 1−spread to go through all levels of the plan. At spread 0 all tokens go together, as in the paper; at 1 each
/// goes in one step, as when tokens are committed. It needs a network that was trained with a level per token.
/// </summary>
/// <param name="sampler">Takes the steps.</param>
/// <param name="plan">The levels, noisiest first.</param>
/// <param name="spread">The share of the time over which the tokens' beginnings are spread, 0 to 1.</param>
/// <param name="order">Which tokens begin first.</param>
public sealed class Stagger(ISampler sampler, IReadOnlyList<NoiseLevel> plan, double spread, TokenOrder order = TokenOrder.Confidence) : ISampler
{
    private const double Rounding = 1e-9; // of times that are multiples of 1/steps

    /// <inheritdoc/>
    public Sample Advance(SamplerInput now, NoiseLevels? target, INoiseSource noise)
    {
        if (target is null)
            return sampler.Advance(now, target, noise);
        using var scope = NewDisposeScope();
        var time = (now.Index + 1.0) / now.Count;
        var late = now.Places(order == TokenOrder.LeftToRight ? now.Priority(order) : Confident(now)).Times(spread).SubtractedFrom(time + Rounding); // since the token began
        var passed = spread < 1 ? late.Scale(1 / (1 - spread)) : late.IsBelow(0).logical_not().to(float64);
        using Scalar first = 0, last = plan.Count - 1;
        var index = passed.Times(plan.Count).floor().clamp(first, last).to(int64);
        var (state, told) = (Of(index, level => level.AlphaBar), Of(index, level => level.Timestep).to(float32));
        var advances = state > now.Levels.State; // a token never becomes noisier again
        var levels = new NoiseLevels(where(advances, state, now.Levels.State).MoveToOuterDisposeScope(), where(advances, told, now.Levels.Told).MoveToOuterDisposeScope());
        var next = sampler.Advance(now, levels, noise);
        return new(where(advances.unsqueeze(-1), next.State, now.State).MoveToOuterDisposeScope(), levels);
    }

    // Tokens that are further on come first, and among equals those whose choice is more probable.
    private static Tensor Confident(SamplerInput now)
    {
        const double weight = 1e6; // the log-SNRs of two levels differ by more than 1e-6
        var state = now.Levels.State;
        return (state / state.SubtractedFrom(1)).log().Times(weight).Plus(now.Confidence.to(float64));
    }

    private Tensor Of(Tensor index, Func<NoiseLevel, double> number) =>
        tensor([.. plan.Select(number)], float64, device: index.device).index_select(0, index.flatten()).view(index.shape);
}
