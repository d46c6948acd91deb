using Tweedie.Diffusion;
using static TorchSharp.torch;

namespace Tweedie.Tests.Diffusion;

/// <summary>
/// The optimal denoiser of tokens that are drawn independently from a known prior π. Since every one-hot vector has the same length,
/// log p(y0 = k | y_t) = log π_k + s·√ᾱ_t·y_t[k]/(1−ᾱ_t) + const.
/// </summary>
internal sealed class BayesDenoiser(double[] prior, int items, int tokens, NoiseSchedule schedule, double scale = 1) : IDenoiser
{
    public Tensor Noise(Generator generator) => randn([items, tokens, prior.Length], float32, generator: generator);

    public Tensor Corrupt(Tensor chosen, double alphaBar, Generator generator) => ForwardProcess.Corrupt(
        ForwardProcess.OneHot(chosen, prior.Length), Noise(generator), full([items], alphaBar, float64), scale);

    public Logits Predict(Tensor state, int timestep, double guidance)
    {
        var alphaBar = schedule.AlphaBar[timestep];
        return Logits.Of(tensor(prior, float32).log() + scale * Math.Sqrt(alphaBar) / (1 - alphaBar) * state);
    }
}
