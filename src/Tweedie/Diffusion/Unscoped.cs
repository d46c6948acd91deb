using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// Computes tensors that belong to no dispose scope, without gradients. The consumer of a lazy stream opens and closes its own scopes between steps, and a
/// step's tensors must outlive them. The caller disposes of the result.
/// </summary>
internal static class Unscoped
{
    /// <summary>Computes a tensor.</summary>
    public static Tensor Compute(Func<Tensor> compute) => Compute<Tensor>(compute, tensor => tensor.DetachFromDisposeScope());

    /// <summary>Computes a tensor that may not be there.</summary>
    public static Tensor? ComputeOptional(Func<Tensor?> compute) => Compute(compute, tensor => tensor?.DetachFromDisposeScope());

    /// <summary>Computes logits.</summary>
    public static Logits Compute(Func<Logits> compute) => Compute(compute, logits => logits.DetachFromDisposeScope());

    /// <summary>Computes a state with its levels.</summary>
    public static Sample Compute(Func<Sample> compute) => Compute(compute, sample => sample with
    {
        State = sample.State.DetachFromDisposeScope(),
        Levels = sample.Levels?.Detach(),
        Decided = sample.Decided?.DetachFromDisposeScope(),
    });

    /// <summary>Computes two tensors.</summary>
    public static (Tensor, Tensor) Compute(Func<(Tensor, Tensor)> compute) =>
        Compute(compute, pair => (pair.Item1.DetachFromDisposeScope(), pair.Item2.DetachFromDisposeScope()));

    private static T Compute<T>(Func<T> compute, Func<T, T> detach)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return detach(compute());
    }
}
