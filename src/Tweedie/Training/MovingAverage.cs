using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>θ_ema ← a·θ_ema + (1−a)·θ with a = min(decay, (1+n)/(10+n)) (paper A.3, Eq. 2; warm-up as in TensorFlow's average).</summary>
internal sealed class MovingAverage(FlatParameters average, FlatParameters parameters, double decay)
{
    /// <summary>Updates the average after a step.</summary>
    /// <param name="step">n, the 0-based number of the step.</param>
    public void Update(long step)
    {
        using var noGrad = no_grad();
        var keep = Math.Min(decay, (1.0 + step) / (10.0 + step));
        using var weight = tensor((float)(1 - keep), device: average.Groups[0].Values.device);
        for (var i = 0; i < average.Groups.Count; i++)
            average.Groups[i].Values.lerp_(parameters.Groups[i].Values, weight);
    }
}
