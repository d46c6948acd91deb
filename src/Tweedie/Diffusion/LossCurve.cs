using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// The cross-entropy of tokens by the timestep of their state, as a moving average over training. It lives in a tensor that is saved with the network.
/// </summary>
/// <param name="losses">Shape (parts), float32: the mean loss in equal parts of the timesteps; NaN where nothing was measured yet. The network owns it.</param>
public sealed class LossCurve(Tensor losses)
{
    /// <summary>The number of parts that networks keep.</summary>
    public const int Parts = 64;

    private const double Decay = 0.9;
    private const double ShareMeasured = 0.125; // of the batches after the first, because a measurement projects the vocabulary once more

    /// <summary>The mean loss in equal parts of the timesteps, cleanest first; NaN where nothing was measured yet.</summary>
    public IReadOnlyList<double> Losses => [.. losses.cpu().to(float64).data<double>().ToArray()];

    /// <summary>The density of timesteps that follows the change of the loss.</summary>
    /// <param name="timesteps">T.</param>
    public TimeDensity Density(int timesteps) => TimeDensity.OfLosses(timesteps, Losses);

    /// <summary>Measures the losses of the first batch and of a share of the others, which torch's global generator chooses.</summary>
    /// <param name="scores">Gives the scores of the clean entries for (B, N) tokens.</param>
    /// <param name="tokens">The clean tokens, shape (B, N), int64.</param>
    /// <param name="told">Their timesteps; broadcasts to (B, N).</param>
    /// <param name="timesteps">T.</param>
    public void Measure(Func<Logits> scores, Tensor tokens, Tensor told, int timesteps)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        if (rand(1, float64).item<double>() >= ShareMeasured && !losses.isnan().all().item<bool>())
            return;
        var loss = scores().ProbabilityOf(tokens).log().SubtractedFrom(0).flatten();
        var part = told.to(int64).expand(tokens.shape).flatten().Times(Parts).Over(timesteps).floor().to(int64);
        var count = zeros([Parts], float32, tokens.device).index_add(0, part, ones_like(loss), TensorArithmetic.One);
        var mean = zeros([Parts], float32, tokens.device).index_add(0, part, loss, TensorArithmetic.One) / count;
        var updated = where(losses.isnan(), mean, losses.Times(Decay).Plus(mean, 1 - Decay));
        losses.copy_(where(count.Is(0), losses, updated));
    }
}
