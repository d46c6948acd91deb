using Tweedie.Diffusion;
using static TorchSharp.torch;

namespace Tweedie.Networks;

/// <summary>
/// The keys and values of B items' condition tokens, and those of the null condition once guidance asks for them: computed once, used by
/// every step and every draw. Guidance is applied to the hidden state, so that the output layer runs once a step.
/// </summary>
public sealed class PreparedCondition : IDisposable
{
    private readonly IReadOnlyList<KeyValues> _conditional;
    private readonly Lazy<IReadOnlyList<KeyValues>> _unconditional;

    /// <summary>Prepares condition tokens, shape (B, M, width of the encoder).</summary>
    public PreparedCondition(Denoiser network, Tensor condition)
    {
        (Items, Device) = (condition.shape[0], condition.device);
        var conditionTokens = condition.shape[1];
        _conditional = Prepare(network, () => condition);
        _unconditional = new(() => Prepare(network, () => network.NullCondition(1, conditionTokens)));
    }

    /// <summary>B.</summary>
    public long Items { get; }

    /// <summary>Where the condition is.</summary>
    public Device Device { get; }

    /// <summary>The guided hidden state; at scale 1 there is no unconditional pass.</summary>
    /// <param name="hidden">The hidden state under a condition, shape (B, N, d).</param>
    /// <param name="guidance">The guidance scale.</param>
    public Tensor Guide(Func<IReadOnlyList<KeyValues>, Tensor> hidden, double guidance)
    {
        using var scope = NewDisposeScope();
        var conditional = hidden(_conditional);
        if (guidance == 1)
            return conditional.MoveToOuterDisposeScope();
        var context = _unconditional.Value.Select(block => block.Map(tensor => tensor.expand(Items, -1, -1, -1))).ToList();
        return Guidance.Combine(conditional, hidden(context), guidance).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Release(_conditional);
        if (_unconditional.IsValueCreated)
            Release(_unconditional.Value);
    }

    private static IReadOnlyList<KeyValues> Prepare(Denoiser network, Func<Tensor> condition)
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
