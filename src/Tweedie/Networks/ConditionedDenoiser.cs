using Tweedie.Diffusion;
using static TorchSharp.torch;

namespace Tweedie.Networks;

/// <summary>
/// A <see cref="Denoiser"/> bound to the condition of B items. The condition tokens' keys and values are computed once, here,
/// and used by every step and every draw. Guidance is applied to the hidden state, so that the output layer runs once a step.
/// </summary>
public sealed class ConditionedDenoiser : IDenoiser, IDisposable
{
    private readonly Denoiser network;
    private readonly NoiseSchedule schedule;
    private readonly DiffusionOptions diffusion;
    private readonly long items;
    private readonly Device device;
    private readonly IReadOnlyList<KeyValues> conditional;
    private readonly Lazy<IReadOnlyList<KeyValues>> unconditional;

    /// <summary>Binds the network to condition tokens, shape (B, M, width of the encoder).</summary>
    public ConditionedDenoiser(Denoiser network, Tensor condition, NoiseSchedule schedule, DiffusionOptions diffusion)
    {
        (this.network, this.schedule, this.diffusion) = (network, schedule, diffusion);
        (items, device) = (condition.shape[0], condition.device);
        var conditionTokens = condition.shape[1];
        conditional = Prepare(() => condition);
        unconditional = new(() => Prepare(() => network.NullCondition(1, conditionTokens)));
    }

    /// <inheritdoc/>
    public Tensor Noise(Generator generator) =>
        randn([items, network.Tokens, network.Classes], float32, device, generator: generator);

    /// <inheritdoc/>
    public Tensor Corrupt(Tensor tokens, double alphaBar, Generator generator)
    {
        using var scope = NewDisposeScope();
        var perItem = full([items], alphaBar, float64, device);
        return ForwardProcess.Corrupt(ForwardProcess.OneHot(tokens, network.Classes), Noise(generator), perItem, diffusion.Scale)
            .MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Predict(Tensor state, int timestep, double guidance)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var timesteps = full([1], timestep, int64, device);
        var hidden = network.Hidden(state, timesteps, conditional);
        if (guidance != 1)
        {
            var context = unconditional.Value.Select(block => block.Map(tensor => tensor.expand(items, -1, -1, -1))).ToList();
            hidden = Guidance.Combine(hidden, network.Hidden(state, timesteps, context), guidance);
        }
        var output = network.Project(hidden).to(float32);
        return CleanScores(output, state, schedule.AlphaBar[timestep]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Release(conditional);
        if (unconditional.IsValueCreated)
            Release(unconditional.Value);
    }

    // A network that predicts noise scores the clean entries by inverting the forward process; the others score them directly.
    private Tensor CleanScores(Tensor output, Tensor state, double alphaBar) => diffusion.Prediction == PredictionKind.Noise
        ? (state - Math.Sqrt(1 - alphaBar) * output) / (diffusion.Scale * Math.Sqrt(alphaBar))
        : output;

    private IReadOnlyList<KeyValues> Prepare(Func<Tensor> condition)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return [.. network.Prepare(condition()).Select(block => block.Map(tensor => tensor.DetachFromDisposeScope()))];
    }

    private static void Release(IReadOnlyList<KeyValues> context)
    {
        foreach (var (keys, values) in context)
        {
            keys.Dispose();
            values.Dispose();
        }
    }
}
