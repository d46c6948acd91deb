using static TorchSharp.torch;

namespace Tweedie.Models;

/// <summary>Predicted classes of a batch of images, with the spread between independent draws.</summary>
/// <param name="Mean">Mean distribution over the draws, shape (B, K), float32, as the model gives it.</param>
/// <param name="Variance">Variance between the draws, shape (B, K), float32; zero for one draw or a linear classifier.</param>
/// <param name="Classes">
/// The predicted classes, shape (B), int64: the most probable entry of the mean; for a single draw decoded by its last step, the choice of the to-one rule.
/// </param>
public sealed record ClassPrediction(Tensor Mean, Tensor Variance, Tensor Classes) : IDisposable
{
    /// <summary>
    /// The probabilities to report, shape (B, K), float32: among images with probability p, about the share p should be right. Where the model is not
    /// calibrated for the setting, they are the <see cref="Mean"/>.
    /// </summary>
    public Tensor Probabilities { get; init; } = Mean;

    /// <summary>The temperature that turned the mean into the probabilities; null where the model is not calibrated for the setting.</summary>
    public double? Temperature { get; init; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Mean.Dispose();
        Variance.Dispose();
        Classes.Dispose();
        Probabilities.Dispose();
    }
}
