using Tweedie.Diffusion;
using static TorchSharp.torch;

namespace Tweedie.Networks;

/// <summary>
/// The keys and values of B items' condition tokens, and those of the null condition once guidance asks for them. They are computed once and used by every
/// step and every draw. Guidance is applied to the hidden state, so that the output layer runs once per step.
/// </summary>
internal sealed class PreparedCondition : IDisposable
{
    private readonly IReadOnlyList<KeyValues> _conditional;
    private readonly Lazy<IReadOnlyList<KeyValues>> _unconditional;
    private readonly Lazy<IReadOnlyList<KeyValues>> _both;

    /// <summary>Prepares condition tokens.</summary>
    /// <param name="network">The network; its weights must not change meanwhile.</param>
    /// <param name="condition">Shape (items, M, width of the encoder).</param>
    /// <param name="draws">Independent trajectories of each item, side by side.</param>
    public PreparedCondition(Denoiser network, Tensor condition, int draws = 1)
    {
        (Items, Device) = (condition.shape[0] * draws, condition.device);
        var conditionTokens = condition.shape[1];
        _conditional = Keep(() => network.Prepare(condition));
        _unconditional = new(() => Keep(() => network.PrepareNull(conditionTokens)));
        _both = new(() => [.. _conditional.Zip(_unconditional.Value, (conditional, unconditional) => conditional with { Other = unconditional })]);
    }

    /// <summary>B, the items times the draws.</summary>
    public long Items { get; }

    /// <summary>Where the condition is.</summary>
    public Device Device { get; }

    /// <summary>The guided hidden state, from one pass of the items with their condition and with the null condition; at scale 1 there is no unconditional pass.</summary>
    /// <param name="hidden">The hidden state under a condition, shape (B, N, d), or under both, shape (2B, N, d).</param>
    /// <param name="guidance">The guidance scale.</param>
    public Tensor Guide(Func<IReadOnlyList<KeyValues>, Tensor> hidden, double guidance)
    {
        if (guidance == 1)
            return hidden(_conditional);
        using var scope = NewDisposeScope();
        var both = hidden(_both.Value);
        var items = both.shape[0] / 2;
        return ClassifierFreeGuidance.Combine(both.narrow(0, 0, items), both.narrow(0, items, items), guidance).MoveToOuterDisposeScope();
    }

    /// <summary>The same from two passes, one after the other: each condition has a past of its own.</summary>
    /// <param name="hidden">The hidden state under a condition, shape (B, N, d).</param>
    /// <param name="guidance">The guidance scale.</param>
    public Tensor GuideInTurn(Func<IReadOnlyList<KeyValues>, Tensor> hidden, double guidance)
    {
        using var scope = NewDisposeScope();
        var conditional = hidden(_conditional);
        if (guidance == 1)
            return conditional.MoveToOuterDisposeScope();
        return ClassifierFreeGuidance.Combine(conditional, hidden(_unconditional.Value), guidance).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Release(_conditional);
        if (_unconditional.IsValueCreated)
            Release(_unconditional.Value);
    }

    private static IReadOnlyList<KeyValues> Keep(Func<IEnumerable<KeyValues>> prepare)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return [.. prepare().Select(block => block.Map(tensor => tensor.DetachFromDisposeScope()))];
    }

    private static void Release(IReadOnlyList<KeyValues> context)
    {
        foreach (var block in context)
        {
            block.Keys.Dispose();
            block.Values.Dispose();
        }
    }
}
