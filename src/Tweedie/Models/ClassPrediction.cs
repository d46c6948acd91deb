using static TorchSharp.torch;

namespace Tweedie.Models;

/// <summary>Predicted classes of a batch of images, with the spread between independent draws.</summary>
/// <param name="Mean">Mean distribution over the draws, shape (B, K), float32.</param>
/// <param name="Variance">Variance between the draws, shape (B, K), float32; zero for one draw or a linear classifier.</param>
/// <param name="Classes">
/// The predicted classes, shape (B), int64: the most probable entry of the mean; for a single draw decoded by its last step, the choice of the to-one rule.
/// </param>
public sealed record ClassPrediction(Tensor Mean, Tensor Variance, Tensor Classes) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Mean.Dispose();
        Variance.Dispose();
        Classes.Dispose();
    }
}
