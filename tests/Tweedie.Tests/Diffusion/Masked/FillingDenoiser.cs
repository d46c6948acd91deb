using Tweedie.Diffusion;
using static TorchSharp.torch;

namespace Tweedie.Tests.Diffusion.Masked;

/// <summary>A masked denoiser with given logits, which records the calls it gets.</summary>
internal sealed class FillingDenoiser(Tensor logits) : IDenoiser
{
    public List<(long Hidden, double Guidance)> Predictions { get; } = [];

    public ITokenSpace Space { get; } = new MaskedSpace(zeros(1, logits.shape[2]));

    public long Items => logits.shape[0];

    public long Tokens => logits.shape[1];

    public Logits Predict(Tensor state, NoiseLevels levels, double guidance, Tensor? previous = null)
    {
        Predictions.Add((Space.Open(state)!.sum().item<long>(), guidance));
        return Logits.Of(ClassifierFreeGuidance.Combine(logits, zeros_like(logits), guidance));
    }
}
