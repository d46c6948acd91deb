using Tweedie.Models;
using Tweedie.Tensors;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>The training loss of a head that reads the label off the condition: cross-entropy, of mixed images and labels where there is mixup.</summary>
/// <param name="labelSmoothing">Smoothing inside the cross-entropy, 0 to 1.</param>
/// <param name="mixup">Mixes images and labels, and smooths the labels itself; null where nothing is mixed.</param>
internal sealed class LinearLoss(double labelSmoothing, Mixup? mixup)
{
    /// <summary>The mean loss of a batch; its randomness comes from torch's global generator.</summary>
    /// <param name="network">The network.</param>
    /// <param name="images">Shape (B, C, H, W).</param>
    /// <param name="labels">Shape (B), int64.</param>
    /// <param name="encode">Makes condition tokens (B, M, d) of images.</param>
    public Tensor Compute(TokenNetwork network, Tensor images, Tensor labels, Func<Tensor, Tensor> encode)
    {
        using var scope = NewDisposeScope();
        if (mixup is null)
            return OfCondition(network, encode(images), labels).MoveToOuterDisposeScope();
        var seed = randint(long.MaxValue, [1], int64).item<long>();
        var (mixed, targets) = mixup.Apply(images, labels, new SampleRandom(seed));
        return nn.functional.cross_entropy(Logits(network, encode(mixed)), targets).MoveToOuterDisposeScope();
    }

    /// <summary>The mean loss of encoded images, nothing mixed.</summary>
    /// <param name="network">The network.</param>
    /// <param name="condition">Condition tokens, shape (B, M, d).</param>
    /// <param name="labels">Shape (B), int64.</param>
    public Tensor OfCondition(TokenNetwork network, Tensor condition, Tensor labels)
    {
        using var scope = NewDisposeScope();
        return nn.functional.cross_entropy(Logits(network, condition), labels, label_smoothing: labelSmoothing).MoveToOuterDisposeScope();
    }

    private static Tensor Logits(TokenNetwork network, Tensor condition) => network.LinearLogits(condition).to(float32);
}
