using Tweedie.Diffusion;
using Tweedie.Diffusion.Masked;
using static TorchSharp.torch;

namespace Tweedie.Networks;

/// <summary>A <see cref="Denoiser"/> that fills in hidden tokens, bound to the condition of B items; see <see cref="ConditionedDenoiser"/>.</summary>
public sealed class ConditionedMaskedDenoiser : IMaskedDenoiser, IDisposable
{
    private readonly Denoiser _network;
    private readonly PreparedCondition _condition;

    /// <summary>Binds the network to condition tokens.</summary>
    /// <param name="network">The network; its weights must not change while it is bound.</param>
    /// <param name="condition">Condition tokens, shape (B, M, width of the encoder).</param>
    /// <param name="draws">Independent trajectories of each item, side by side.</param>
    public ConditionedMaskedDenoiser(Denoiser network, Tensor condition, int draws = 1) =>
        (_network, _condition) = (network, new PreparedCondition(network, condition, draws));

    /// <inheritdoc/>
    public long Mask => _network.Classes;

    /// <inheritdoc/>
    public Tensor AllMasked() => TensorArithmetic.Filled([_condition.Items, _network.Tokens], Mask, int64, _condition.Device);

    /// <inheritdoc/>
    public Logits Predict(Tensor tokens, double guidance)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var hidden = _condition.Guide(context => MaskedInput.Hidden(_network, tokens, context), guidance);
        return _network.Project(hidden.MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public void Dispose() => _condition.Dispose();
}
