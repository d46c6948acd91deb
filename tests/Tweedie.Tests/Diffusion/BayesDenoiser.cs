using Tweedie.Diffusion;
using static TorchSharp.torch;

namespace Tweedie.Tests.Diffusion;

/// <summary>
/// The optimal denoiser of tokens that are drawn independently from a known prior π. Since every one-hot vector has the same length,
/// log p(y0 = k | y_t) = log π_k + s·√ᾱ_t·y_t[k]/(1−ᾱ_t) + const.
/// </summary>
internal sealed class BayesDenoiser(double[] prior, int items, int tokens, double scale = 1) : IDenoiser
{
    public ITokenSpace Space { get; } = new OneHotSpace(eye(prior.Length), scale);

    public long Items => items;

    public long Tokens => tokens;

    public Logits Predict(Tensor state, NoiseLevels levels, double guidance, Tensor? previous = null)
    {
        var alphaBar = levels.State.unsqueeze(-1);
        var evidence = (alphaBar.sqrt().Times(scale) / alphaBar.SubtractedFrom(1)).to(float32);
        return Logits.Of(tensor(prior, float32).log().Plus(evidence * state));
    }
}
