using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// Computes what belongs to no dispose scope, without gradients: the consumer of a lazy stream opens and closes scopes of its own between
/// steps, and a step's tensors must outlive them.
/// </summary>
internal static class Unscoped
{
    /// <summary>Computes a tensor that the caller disposes of.</summary>
    public static Tensor Compute(Func<Tensor> compute)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return compute().DetachFromDisposeScope();
    }

    /// <summary>Computes logits that the caller disposes of.</summary>
    public static Logits Compute(Func<Logits> compute)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return compute().DetachFromDisposeScope();
    }
}
