namespace Tweedie.Training;

/// <summary>The arithmetic of matrix products in training; weights, gradients, loss and optimiser state are always float32.</summary>
public enum Precision
{
    /// <summary>32-bit throughout.</summary>
    F32,
    /// <summary>bfloat16 matrix products by autocast, on the CPU and on GPUs.</summary>
    Bf16,
}
