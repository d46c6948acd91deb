namespace Tweedie.Platform;

/// <summary>
/// The arithmetic of matrix products. Trainings keep weights, gradients, loss and optimiser state in float32 whatever it is; models that
/// are loaded to be used may have their weights in it.
/// </summary>
public enum Precision
{
    /// <summary>32-bit throughout.</summary>
    F32,
    /// <summary>bfloat16 matrix products, on the CPU and on GPUs; in training by autocast.</summary>
    Bf16,
}
