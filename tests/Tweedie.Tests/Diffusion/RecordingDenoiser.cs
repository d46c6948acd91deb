using Tweedie.Diffusion;
using static TorchSharp.torch;
using static Tweedie.TensorArithmetic;

namespace Tweedie.Tests.Diffusion;

/// <summary>A small denoiser whose logits depend on the state, the timestep and the guidance; it records the calls it gets.</summary>
internal class RecordingDenoiser(int items = 3, int tokens = 2, int classes = 5) : IDenoiser, ITokenSpace
{
    public List<(int Timestep, double Guidance)> Predictions { get; } = [];

    /// <summary>The ᾱ of each re-noising.</summary>
    public List<double> Corruptions { get; } = [];

    public int Noises { get; private set; }

    /// <summary>Conditional and unconditional passes together.</summary>
    public int Passes { get; private set; }

    public ITokenSpace Space => this;

    public long Items => items;

    public long Tokens => tokens;

    public Tensor Prior(long count, long length, Tensor alphaBar, INoiseSource noise)
    {
        Noises++;
        return noise.Normal(Tweedie.Sampling.NoisePurpose.State, count, length, classes);
    }

    public Tensor Corrupt(Tensor chosen, Tensor alphaBar, INoiseSource noise)
    {
        Corruptions.Add(alphaBar.item<double>());
        using var identity = eye(classes);
        return new OneHotSpace(identity).Corrupt(chosen, alphaBar, noise);
    }

    public Tensor Embed(Tensor state, Tensor alphaBar) => state.alias();

    public Tensor Embed(Logits prediction) => prediction.Probabilities();

    public virtual Logits Predict(Tensor state, NoiseLevels levels, double guidance, Tensor? previous = null)
    {
        var timestep = (int)levels.Told.item<float>();
        Predictions.Add((timestep, guidance));
        Passes++;
        var conditional = state.Times(2).Plus(Counting(classes, float32).Times(timestep / 100.0));
        if (guidance == 1)
            return Logits.Of(conditional);
        Passes++;
        return Logits.Of(ClassifierFreeGuidance.Combine(conditional, state, guidance));
    }

    public void Dispose() { }
}
