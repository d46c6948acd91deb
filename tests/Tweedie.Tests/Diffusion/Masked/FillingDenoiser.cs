using Tweedie.Diffusion;
using Tweedie.Diffusion.Masked;
using static TorchSharp.torch;

namespace Tweedie.Tests.Diffusion.Masked;

/// <summary>A masked denoiser with given logits, which notes what it is asked.</summary>
internal sealed class FillingDenoiser(Tensor logits) : IMaskedDenoiser
{
    public List<(long Hidden, double Guidance)> Predictions { get; } = [];

    public long Mask => logits.shape[2];

    public Tensor AllMasked() => full([logits.shape[0], logits.shape[1]], Mask, int64);

    public Logits Predict(Tensor tokens, double guidance)
    {
        Predictions.Add(((tokens == Mask).sum().item<long>(), guidance));
        return Logits.Of(Tweedie.Diffusion.Guidance.Combine(logits, zeros_like(logits), guidance));
    }
}
