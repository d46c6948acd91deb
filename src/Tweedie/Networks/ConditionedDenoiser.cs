using Tweedie.Diffusion;
using static TorchSharp.torch;

namespace Tweedie.Networks;

/// <summary>
/// A <see cref="Denoiser"/> bound to the condition of B items, which is prepared once, here, for every step and every draw.
/// </summary>
public sealed class ConditionedDenoiser : IDenoiser, IDisposable
{
    private readonly Denoiser _network;
    private readonly NoiseSchedule _schedule;
    private readonly DiffusionOptions _diffusion;
    private readonly ITokenSpace _space;
    private readonly bool _ownsSpace;
    private readonly PreparedCondition _condition;

    /// <summary>Binds the network to condition tokens, shape (B, M, width of the encoder).</summary>
    /// <param name="network">The network; its weights must not change while it is bound.</param>
    /// <param name="condition">Condition tokens, shape (B, M, width of the encoder).</param>
    /// <param name="schedule">The noise schedule.</param>
    /// <param name="diffusion">The diffusion process the network was trained for.</param>
    /// <param name="draws">Independent trajectories of each item, side by side: the states then hold B·draws items.</param>
    /// <param name="space">The network's token space, if several bindings share one; by default it is made here, at the cost of factoring WWᵀ.</param>
    public ConditionedDenoiser(Denoiser network, Tensor condition, NoiseSchedule schedule, DiffusionOptions diffusion,
        int draws = 1, ITokenSpace? space = null)
    {
        using var noGrad = no_grad();
        (_network, _schedule, _diffusion) = (network, schedule, diffusion);
        (_space, _ownsSpace) = (space ?? network.Embedding.Space(diffusion.Prediction), space is null);
        _condition = new PreparedCondition(network, condition, draws);
    }

    /// <inheritdoc/>
    public Tensor Noise(Generator generator) => _space.Noise(_condition.Items, _network.Tokens, generator);

    /// <inheritdoc/>
    public Tensor Corrupt(Tensor tokens, double alphaBar, Generator generator)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var perItem = TensorArithmetic.Filled([_condition.Items], alphaBar, float64, _condition.Device);
        return ForwardProcess.Corrupt(_space.Clean(tokens), Noise(generator), perItem, _diffusion.Scale).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Logits Predict(Tensor state, int timestep, double guidance)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var timesteps = TensorArithmetic.Filled([1], timestep, int64, _condition.Device);
        var embedded = _space.Embed(state);
        var hidden = _condition.Guide(context => _network.Hidden(embedded, timesteps, context), guidance);
        if (_diffusion.Prediction == PredictionKind.Noise)
            return Logits.Of(CleanScores(_network.Project(hidden).All(), state, _schedule.AlphaBar[timestep]).MoveToOuterDisposeScope());
        return _network.Project(hidden.MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_ownsSpace)
            _space.Dispose();
        _condition.Dispose();
    }

    // A network that predicts noise scores the clean entries by inverting the forward process; the others score them directly.
    private Tensor CleanScores(Tensor noise, Tensor state, double alphaBar) =>
        state.Plus(noise, -Math.Sqrt(1 - alphaBar)).Over(_diffusion.Scale * Math.Sqrt(alphaBar));
}
