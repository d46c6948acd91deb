using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>A step of Gaussian states from their levels to others, each token by the weights of its own levels.</summary>
internal static class GaussianStep
{
    /// <summary>clean·s·ŷ0 + state·y_t + √variance·ε.</summary>
    /// <param name="now">The state, and what the network says of it.</param>
    /// <param name="target">The levels to go to.</param>
    /// <param name="soft">Whether ŷ0 is the mean of the predicted distribution; else it is the chosen tokens.</param>
    /// <param name="noise">The random numbers; none are taken where no token needs them.</param>
    /// <param name="weights">The weights for ᾱ_t and ᾱ_s.</param>
    public static Sample Take(SamplerInput now, NoiseLevels target, bool soft, INoiseSource noise, Func<double, double, StepWeights> weights)
    {
        using var scope = NewDisposeScope();
        var levels = broadcast_tensors(now.Levels.State, target.State);
        var shape = levels[0].shape;
        double[] Host(Tensor of) => [.. of.cpu().contiguous().data<double>()];
        var all = Host(levels[0]).Zip(Host(levels[1]), weights).ToArray();
        Tensor Of(Func<StepWeights, double> number) => tensor([.. all.Select(number)], float64, device: now.State.device).view(shape).unsqueeze(-1).to(float32);
        var next = (Of(step => step.Clean) * now.Clean(soft)).Plus(Of(step => step.State) * now.State);
        if (all.Any(step => step.Variance != 0))
            next = next.Plus(Of(step => Math.Sqrt(step.Variance)) * now.FreshNoise(noise));
        return new(next.MoveToOuterDisposeScope(), target);
    }
}
