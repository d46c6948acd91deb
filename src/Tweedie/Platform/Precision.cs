namespace Tweedie.Platform;

/// <summary>
/// The arithmetic of matrix products. Trainings keep weights, gradients, loss and optimiser state in float32 in either case; a model that is loaded for use
/// may have its weights in bfloat16.
/// </summary>
public enum Precision
{
    /// <summary>32-bit throughout.</summary>
    F32,
    /// <summary>bfloat16 matrix products, on the CPU and on GPUs; in training by autocast.</summary>
    Bf16,
}
