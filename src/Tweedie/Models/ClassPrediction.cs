using static TorchSharp.torch;

namespace Tweedie.Models;

/// <summary>Predicted class distributions of a batch of images, with the spread between independent draws.</summary>
/// <param name="Mean">Mean distribution over the draws, shape (B, K), float32.</param>
/// <param name="Variance">Variance between the draws, shape (B, K), float32; zero for one draw or a linear classifier.</param>
public sealed record ClassPrediction(Tensor Mean, Tensor Variance) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Mean.Dispose();
        Variance.Dispose();
    }
}
