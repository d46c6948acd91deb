using Tweedie.Diffusion;
using static TorchSharp.torch;

namespace Tweedie.Networks;

/// <summary>
/// A <see cref="Denoiser"/> bound to the condition of B items. The condition tokens' keys and values are computed once, here,
/// and used by every step and every draw. Guidance is applied to the hidden state, so that the output layer runs once a step.
/// </summary>
public sealed class ConditionedDenoiser : IDenoiser, IDisposable
{
    private readonly Denoiser _network;
    private readonly NoiseSchedule _schedule;
    private readonly DiffusionOptions _diffusion;
    private readonly long _items;
    private readonly Device _device;
    private readonly IReadOnlyList<KeyValues> _conditional;
    private readonly Lazy<IReadOnlyList<KeyValues>> _unconditional;

    /// <summary>Binds the network to condition tokens, shape (B, M, width of the encoder).</summary>
    public ConditionedDenoiser(Denoiser network, Tensor condition, NoiseSchedule schedule, DiffusionOptions diffusion)
    {
        (_network, _schedule, _diffusion) = (network, schedule, diffusion);
        (_items, _device) = (condition.shape[0], condition.device);
        var conditionTokens = condition.shape[1];
        _conditional = Prepare(() => condition);
        _unconditional = new(() => Prepare(() => network.NullCondition(1, conditionTokens)));
    }

    /// <inheritdoc/>
    public Tensor Noise(Generator generator) =>
        randn([_items, _network.Tokens, _network.Classes], float32, _device, generator: generator);

    /// <inheritdoc/>
    public Tensor Corrupt(Tensor tokens, double alphaBar, Generator generator)
    {
        using var scope = NewDisposeScope();
        var perItem = full([_items], alphaBar, float64, _device);
        return ForwardProcess.Corrupt(ForwardProcess.OneHot(tokens, _network.Classes), Noise(generator), perItem, _diffusion.Scale)
            .MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Predict(Tensor state, int timestep, double guidance)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var timesteps = full([1], timestep, int64, _device);
        var hidden = _network.Hidden(state, timesteps, _conditional);
        if (guidance != 1)
        {
            var context = _unconditional.Value.Select(block => block.Map(tensor => tensor.expand(_items, -1, -1, -1))).ToList();
            hidden = Guidance.Combine(hidden, _network.Hidden(state, timesteps, context), guidance);
        }
        var output = _network.Project(hidden).to(float32);
        return CleanScores(output, state, _schedule.AlphaBar[timestep]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Release(_conditional);
        if (_unconditional.IsValueCreated)
            Release(_unconditional.Value);
    }

    // A network that predicts noise scores the clean entries by inverting the forward process; the others score them directly.
    private Tensor CleanScores(Tensor output, Tensor state, double alphaBar) => _diffusion.Prediction == PredictionKind.Noise
        ? (state - Math.Sqrt(1 - alphaBar) * output) / (_diffusion.Scale * Math.Sqrt(alphaBar))
        : output;

    private IReadOnlyList<KeyValues> Prepare(Func<Tensor> condition)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return [.. _network.Prepare(condition()).Select(block => block.Map(tensor => tensor.DetachFromDisposeScope()))];
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
