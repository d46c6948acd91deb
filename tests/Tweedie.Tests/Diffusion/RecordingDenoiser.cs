using Tweedie.Diffusion;
using static TorchSharp.torch;

namespace Tweedie.Tests.Diffusion;

/// <summary>A small denoiser whose logits depend on the state, the timestep and the guidance; it notes what it is asked.</summary>
internal sealed class RecordingDenoiser(int items = 3, int tokens = 2, int classes = 5) : IDenoiser
{
    public List<(int Timestep, double Guidance)> Predictions { get; } = [];

    /// <summary>ᾱ of each re-noising.</summary>
    public List<double> Corruptions { get; } = [];

    public int Noises { get; private set; }

    /// <summary>Conditional and unconditional passes together.</summary>
    public int Passes { get; private set; }

    public Tensor Noise(Generator generator)
    {
        Noises++;
        return randn([items, tokens, classes], float32, generator: generator);
    }

    public Tensor Corrupt(Tensor chosen, double alphaBar, Generator generator)
    {
        Corruptions.Add(alphaBar);
        var noise = randn([items, tokens, classes], float32, generator: generator);
        return ForwardProcess.Corrupt(ForwardProcess.OneHot(chosen, classes), noise, full([items], alphaBar, float64));
    }

    public Logits Predict(Tensor state, int timestep, double guidance)
    {
        Predictions.Add((timestep, guidance));
        Passes++;
        var conditional = state * 2 + arange(classes, float32) * (timestep / 100.0);
        if (guidance == 1)
            return Logits.Of(conditional);
        Passes++;
        return Logits.Of(Tweedie.Diffusion.Guidance.Combine(conditional, state, guidance));
    }
}
